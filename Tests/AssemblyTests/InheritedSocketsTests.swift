import Testing

@testable import Assembly

@Suite struct InheritedSocketsTests {
    private static func sockets(_ environment: [String: String]) -> [String] {
        InheritedSockets(environment: environment, processID: 42).sockets.map { "\($0.name)=\($0.descriptor)" }
    }

    @Test(arguments: [
        (["LISTEN_FDS": "1"], ["unknown=3"]),
        (["LISTEN_FDS": "2", "LISTEN_FDNAMES": "internal:local"], ["internal=3", "local=4"]),
        (["LISTEN_FDS": "3", "LISTEN_FDNAMES": "internal"], ["internal=3", "unknown=4", "unknown=5"]),
        (["LISTEN_FDS": "1", "LISTEN_FDNAMES": "internal:local"], ["internal=3"]),
        (["LISTEN_FDS": "2", "LISTEN_FDNAMES": ":local"], ["=3", "local=4"]),
    ])
    func `names each socket that was passed to this process`(environment: [String: String], expected: [String]) {
        #expect(Self.sockets(environment.merging(["LISTEN_PID": "42"]) { $1 }) == expected)
    }

    @Test(arguments: [
        [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "41", "LISTEN_FDS": "1"], ["LISTEN_PID": "42"], ["LISTEN_PID": "42", "LISTEN_FDS": ""],
        ["LISTEN_PID": "42", "LISTEN_FDS": "0"], ["LISTEN_PID": "42", "LISTEN_FDS": "-1"], ["LISTEN_PID": "42", "LISTEN_FDS": "65"],
        ["LISTEN_PID": "42", "LISTEN_FDS": "99999999999"], ["LISTEN_PID": "42", "LISTEN_FDS": "one"],
        ["LISTEN_PID": "042", "LISTEN_FDS": "1"],
    ])
    func `takes nothing that was meant for another process or makes no sense`(environment: [String: String]) {
        #expect(Self.sockets(environment).isEmpty)
    }
}
