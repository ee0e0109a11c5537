import Foundation

/// A certificate authority and a server certificate for `localhost` and 127.0.0.1, made with the openssl program in a separate folder.
final class TestAuthority: Sendable {
    let directory: URL

    var authorityFile: String { directory.appendingPathComponent("ca.pem").path }
    var certificateFile: String { directory.appendingPathComponent("server.pem").path }
    var keyFile: String { directory.appendingPathComponent("server.key").path }

    /// `names` is openssl's subjectAltName; `days` may be negative for an expired certificate.
    init(names: String = "DNS:localhost,IP:127.0.0.1", expired: Bool = false) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("transport-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "2", "-subj", "/CN=Test Authority")
        try run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key", "-out", "server.csr",
            "-subj", "/CN=test")
        try "subjectAltName=\(names)\n".write(to: directory.appendingPathComponent("names"), atomically: true, encoding: .utf8)
        let validity = expired ? ["-days", "-1"] : ["-days", "1"]
        try run(
            [
                "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem",
                "-extfile", "names",
            ] + validity)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// libcurl's form of the server key's digest.
    func publicKeyPin() throws -> String {
        try run("pkey", "-in", "server.key", "-pubout", "-outform", "DER", "-out", "public.der")
        try run("dgst", "-sha256", "-binary", "-out", "public.sha256", "public.der")
        let digest = try Data(contentsOf: directory.appendingPathComponent("public.sha256"))
        return "sha256//" + digest.base64EncodedString()
    }

    private func run(_ arguments: String...) throws { try run(arguments) }

    private func run(_ arguments: [String]) throws {
        guard let process = try TestProcess("openssl", arguments, in: directory.path), process.succeeded() else { throw Failed() }
    }

    struct Failed: Error {}
}
