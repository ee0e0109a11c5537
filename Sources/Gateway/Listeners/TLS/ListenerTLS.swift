import NIOCore
import NIOSSL
import Synchronization

/// The certificate of a TLS listener, as files that may be replaced while it serves. A connection keeps what it began with; the next one
/// gets what was loaded last.
package final class ListenerTLS: Sendable {
    /// Where certificate and key are, and whom clients' certificates must come from.
    package struct Files: Sendable, Hashable {
        package let certificate: String
        package let privateKey: String
        package let clientAuthority: String?

        package init(certificate: String, privateKey: String, clientAuthority: String?) {
            self.certificate = certificate
            self.privateKey = privateKey
            self.clientAuthority = clientAuthority
        }
    }

    /// Why the files can't be used: which one, and what is wrong with it. No text of the TLS library.
    package struct Fault: Error, Sendable, Hashable {
        package let path: String
        package let sentence: String
    }

    package let files: Files
    private let context: Mutex<NIOSSLContext>

    package init(_ files: Files) throws(Fault) {
        self.files = files
        self.context = Mutex(try ListenerTLS.load(files))
    }

    /// Reads the files anew. What was there stays in force when that fails.
    package func reload() throws(Fault) {
        let fresh = try ListenerTLS.load(files)
        context.withLock { $0 = fresh }
    }

    func handler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: context.withLock { $0 })
    }

    /// Suites that authenticate what they encrypt (AEAD), with keys that are gone after the connection; TLS 1.3 has no others.
    private static let suites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func load(_ files: Files) throws(Fault) -> NIOSSLContext {
        let chain = try certificates(files.certificate)
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw Fault(path: files.privateKey, sentence: "holds no private key in PEM form that can be read without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = suites
        configuration.applicationProtocols = ["h2", "http/1.1"]
        if let authority = files.clientAuthority {
            configuration.trustRoots = .certificates(try certificates(authority))
            // A client has no host name to compare; the chain, the dates and the purpose are checked.
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Fault(path: files.privateKey, sentence: "doesn't belong to the certificate in \(files.certificate)")
        }
    }

    /// Whether a file holds what it must to vouch for somebody.
    package static func checkAuthorities(_ path: String) throws(Fault) {
        _ = try certificates(path)
    }

    private static func certificates(_ path: String) throws(Fault) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw Fault(path: path, sentence: "holds no certificates in PEM form")
        }
        return certificates
    }
}

extension ListenerTLS: Equatable {
    package static func == (left: ListenerTLS, right: ListenerTLS) -> Bool { left === right }
}
