import Audit
import Catalogue
import Credentials
import Policy

/// Times the parts of a request that are ours, each by itself: `swift run -c release hss-microbenchmarks`. Not part of the product.
///
/// `hss-microbenchmarks index N` indexes a journal of N records and does nothing else, for callgrind.
///
/// One line of JSON each: the median over the rounds in nanoseconds, and the spread, (largest - smallest) ÷ median.
@main
enum Microbenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "index", let records = arguments.last.flatMap({ Int($0) }) { return try Indexing.run(records: records) }
        try canonicalising()
        matching()
        try signing()
        try policy()
        merkle()
        try Journalling.run()
        try Indexing.run()
    }

    static let path = "/v5/0123456789abcdef0123456789abcdef/host-management/hosts"

    private static func canonicalising() throws {
        let raw = "\(path)?offset=0&limit=10&host_name=caf%C3%A9"
        try Stopwatch.time("canonicalise a path and three parameters", 20_000) { _ = try RequestTarget(originForm: raw) }
    }

    private static func matching() {
        let path = path
        Stopwatch.time("match method and path to an operation", 100_000) { Sink.take(OperationMatcher.match(.get, path: path.utf8.span)) }
    }

    private static func signing() throws {
        let source = try StoredCredential.accessKey(
            id: .value(Secret("BENCHMARKACCESSKEY00")), secretKey: .value(Secret("benchmark-secret-key-of-forty-characters")))
        let credential = Credential(name: "bench", source: source)
        let (authorizer, caller, operation) = try Rules.make(count: 1)
        var request = CredentialRequest(
            method: "GET", target: try RequestTarget(originForm: "\(path)?limit=10"), host: "hss.cn-north-4.myhuaweicloud.com")
        request.contentType = "application/json"
        request.projectID = "0123456789abcdef0123456789abcdef"
        let time = SigningTime(secondsSinceEpoch: 1_700_000_000)
        try Stopwatch.time("sign a GET of five fields", 20_000) {
            let permit = try authorizer.authorize(caller, Access(operation, project: 0))
            guard case .ready(let pass) = credential.admit() else { throw Rules.Missing() }
            let vouched = try pass.authenticate(request, spending: permit, at: time)
            pass.end(status: 200)
            vouched.forEachField { _, value in Sink.take(value.count) }
        }
    }

    private static func policy() throws {
        for count in [1, 1_000] {
            let (authorizer, caller, operation) = try Rules.make(count: count)
            try Stopwatch.time("authorize, the last of \(count) rules matches", 2_000) {
                Sink.take(try authorizer.authorize(caller, Access(operation, project: 0)).rule.isOnTrial ? 1 : 0)
            }
        }
    }

    private static func merkle() {
        let line = [UInt8](repeating: 0x61, count: 1_024)
        var tree = MerkleTree()
        Stopwatch.time("append a record of 1 KiB to the Merkle tree", 20_000) { line.withUnsafeBytes { tree.append($0) } }
    }
}
