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

    @Test func `takes a file that was replaced while the gateway started for a change`() throws {
        let path = "/tmp/hssgw-watch-\(getpid())-\(UInt64.random(in: .min ... .max))"
        defer { unlink(path) }
        func write(_ text: String) throws {
            let file = try #require(fopen(path + ".new", "w"))
            fputs(text, file)
            fclose(file)
            #expect(rename(path + ".new", path) == 0)
        }
        try write("first")
        let source = ConfigurationSource(file: path) { () throws(Failure) in throw Failure(.badConfiguration, "it isn't read here") }
        try write("second")
        var watch = FileWatch(source.found)
        #expect((0..<3).map { _ in watch.isReady(FileFingerprint(path: path)) } == [false, true, false])
    }
}
