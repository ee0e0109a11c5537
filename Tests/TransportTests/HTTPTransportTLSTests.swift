import Foundation
import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct HTTPTransportTLSTests {
    /// openssl's own server, which answers every GET with a page about the connection and closes.
    private func server(_ authority: TestAuthority, _ options: [String] = []) throws -> (TestProcess, port: Int) {
        let arguments = ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", authority.certificateFile, "-key", authority.keyFile]
        let process = try #require(try TestProcess("openssl", arguments + options), "openssl is needed: apt-get install openssl")
        let line = try #require(process.line(containing: "ACCEPT"))
        return (process, try #require(line.split(separator: ":").last.flatMap { Int($0) }))
    }

    private func exchange(
        _ authority: TestAuthority,
        options: [String] = [],
        host: String = "localhost",
        _ change: (inout TransportConfiguration) throws -> Void
    ) async throws -> Exchange {
        let (process, port) = try server(authority, options)
        var configuration = TransportConfiguration()
        try change(&configuration)
        let exchange = try await TransportRig.run(configuration) { rig in try await rig.send(.to("https://\(host):\(port)")) }
        withExtendedLifetime(process) {}
        return exchange
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `trusts an authority that was added`(host: String) async throws {
        let authority = try TestAuthority()
        let exchange = try await exchange(authority, host: host) { $0.certificateAuthorityFile = authority.authorityFile }
        #expect(exchange.error == nil)
        #expect(exchange.head?.status == 200)
        #expect(exchange.text.contains("TLSv1.3"))
        #expect(exchange.summary.connectMicroseconds != nil)
    }

    @Test func `keeps the system's authorities beside the added one`() async throws {
        let authority = try TestAuthority()
        let system = try #require(try CurlLibrary.abilities.get().certificateAuthorityFile)
        let merged = try CertificateAuthorities(system: system, extraFile: authority.authorityFile, extraContent: nil)
        let path = merged.path
        let contents = try String(contentsOfFile: #require(path), encoding: .utf8)
        #expect(contents.contains(try String(contentsOfFile: system, encoding: .utf8)))
        #expect(contents.contains(try String(contentsOfFile: authority.authorityFile, encoding: .utf8)))
    }

    @Test func `does not trust an unknown authority`() async throws {
        let exchange = try await exchange(try TestAuthority()) { _ in }
        #expect(exchange.error == .tls(.untrustedCertificate))
        #expect(exchange.error?.phase == .connecting)
        #expect(!exchange.summary.requestMayHaveLeft)
    }

    @Test func `does not take a certificate for another host`() async throws {
        let authority = try TestAuthority(names: "DNS:other.example")
        let exchange = try await exchange(authority) { $0.certificateAuthorityFile = authority.authorityFile }
        #expect(exchange.error == .tls(.wrongHost))
    }

    @Test func `does not take a certificate out of its time`() async throws {
        let authority = try TestAuthority(expired: true)
        let exchange = try await exchange(authority) { $0.certificateAuthorityFile = authority.authorityFile }
        #expect(exchange.error == .tls(.expiredCertificate))
    }

    @Test func `refuses TLS before 1.2 and speaks 1.2`() async throws {
        let authority = try TestAuthority()
        let old = try await exchange(authority, options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) {
            $0.certificateAuthorityFile = authority.authorityFile
        }
        #expect(old.error == .tls(.handshake))
        let current = try await exchange(authority, options: ["-tls1_2"]) { $0.certificateAuthorityFile = authority.authorityFile }
        #expect(current.error == nil)
        #expect(current.text.contains("TLSv1.2"))
    }

    @Test func `takes the pinned key and no other`() async throws {
        let authority = try TestAuthority()
        let pin = try authority.publicKeyPin()
        let right = try await exchange(authority) {
            $0.certificateAuthorityFile = authority.authorityFile
            $0.pinnedPublicKey = pin
        }
        #expect(right.error == nil)
        let wrong = try await exchange(authority) {
            $0.certificateAuthorityFile = authority.authorityFile
            $0.pinnedPublicKey = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        }
        #expect(wrong.error == .tls(.pinnedKeyMismatch))
        // A pin does not replace the verification of the chain.
        let unverified = try await exchange(authority) { $0.pinnedPublicKey = pin }
        #expect(unverified.error == .tls(.untrustedCertificate))
    }

    @Test func `tells TLS apart from an upstream that does not speak it`() async throws {
        let upstream = ScriptedUpstream { $0.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in try await rig.send(.to("https://127.0.0.1:\(upstream.port)")) }
        #expect(exchange.error == .tls(.handshake))
    }

    @Test(arguments: ["/does/not/exist.pem", "/dev/null"])
    func `cannot be made with a file of authorities that holds none`(path: String) async throws {
        var configuration = TransportConfiguration()
        configuration.certificateAuthorityFile = path
        await #expect(throws: TransportError.configuration(.certificateAuthorityFile)) {
            try await TransportRig.run(configuration) { _ in }
        }
    }
}
