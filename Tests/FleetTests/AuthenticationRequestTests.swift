import Testing

@testable import PostgreSQL

/// What a server without TLS may ask before the password goes out.
struct AuthenticationRequestTests {
    private static func request(_ number: UInt8, _ rest: String = "") -> [UInt8] {
        [0x52, 0, 0, 0, UInt8(8 + rest.utf8.count), 0, 0, 0, number] + Array(rest.utf8)
    }

    private static let ready: [UInt8] = [0x5A, 0, 0, 0, 5, 0x49]

    @Test(arguments: [[], request(0), request(0) + ready, request(5, "salt"), request(10, "SCRAM-SHA-256\0\0"), ready, [0x45, 0, 0, 0, 5, 0]])
    func `what asks for no password in clear text is harmless`(bytes: [UInt8]) {
        #expect(AuthenticationRequest.judge(bytes) == .harmless)
    }

    @Test(arguments: [request(3), request(3) + ready, request(5, "salt") + request(3), request(0) + request(3)])
    func `the password itself is never meant to go out, whatever is asked before`(bytes: [UInt8]) {
        #expect(AuthenticationRequest.judge(bytes) == .clearText)
    }

    @Test func `a request that is not whole yet is not judged`() {
        let bytes = Self.request(5, "salt") + Self.request(3)
        for length in 14..<22 { #expect(AuthenticationRequest.judge(Array(bytes[..<length])) == .unfinished(22)) }
        for length in 9..<13 { #expect(AuthenticationRequest.judge(Array(bytes[..<length])) == .unfinished(13)) }
        #expect(AuthenticationRequest.judge([0x52]) == .unfinished(9))
    }

    @Test(arguments: [0, 7, 2_001, 0x7FFF_FFFF, 0xFFFF_FFFF]) func `a length that no request has is left to libpq, which ends there`(length: UInt32) {
        let bytes = withUnsafeBytes(of: length.bigEndian) { [0x52] + Array($0) + [0, 0, 0, 3] }
        #expect(AuthenticationRequest.judge(bytes) == .harmless)
    }

    @Test(arguments: [("4096", false), ("1000000", false), ("1000001", true), ("2147483647", true), ("99999999999999999999", true), ("x", true)])
    func `rounds that would take minutes are not begun`(rounds: String, isEndless: Bool) {
        let bytes = Self.request(11, "r=abc,s=c2FsdA==,i=\(rounds)")
        #expect(AuthenticationRequest.judge(bytes) == (isEndless ? .endless : .harmless))
    }
}
