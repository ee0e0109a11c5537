import Credentials
import Glibc
import Testing

@testable import Assembly

@Suite struct FileWatchTests {
    /// The fingerprint of a new file, different from all others.
    private static func fingerprint(_ text: String) throws -> FileFingerprint {
        let path = "/tmp/hssgw-watch-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        defer { unlink(path) }
        return try #require(FileFingerprint(path: path))
    }

    @Test func `takes a change once, when it was seen at rest`() throws {
        let (old, half, whole) = (try Self.fingerprint("a"), try Self.fingerprint("ab"), try Self.fingerprint("abc"))
        var watch = FileWatch(old)
        #expect([old, half, whole, whole, whole, whole].map { watch.isReady($0) } == [false, false, false, true, false, false])
    }

    @Test func `doesn't take a file that is gone for a change, nor one that came back as it was`() throws {
        let (old, new) = (try Self.fingerprint("a"), try Self.fingerprint("b"))
        var watch = FileWatch(old)
        #expect([nil, nil, old, old, new, nil, new, new].map { watch.isReady($0) } == [false, false, false, false, false, false, false, true])
    }
}
