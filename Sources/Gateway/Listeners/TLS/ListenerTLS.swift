package import Credentials
package import NIOCore
package import NIOSSL
import Policy
import Recognition
import Synchronization

/// The certificate of a TLS listener, as files that may be replaced while it serves. A connection keeps the certificate that it began
/// with; new ones get the one that was loaded last.
package final class ListenerTLS: Sendable {
    /// Where certificate and key are, and which authorities clients' certificates must come from.
    package struct Files: Sendable, Hashable {
        package let certificate: String
        package let privateKey: String
        package let clientAuthority: String?

        package init(certificate: String, privateKey: String, clientAuthority: String?) {
            self.certificate = certificate
            self.privateKey = privateKey
            self.clientAuthority = clientAuthority
        }

        /// The files as they are now, without reading them.
        package var fingerprints: [FileFingerprint?] {
            [certificate, privateKey, clientAuthority].map { $0.flatMap { FileFingerprint(path: $0) } }
        }
    }

    /// Why the files can't be used: which one, and what is wrong with it. Contains no text of the TLS
    /// library.
    package struct Fault: Error, Sendable, Hashable {
        package let path: String
        package let sentence: String
    }

    package let files: Files
    private let protocols: [String]
    private let loaded: Mutex<Loaded>

    /// The content of the files when they were read last.
    private struct Loaded {
        /// The files just before they were read.
        let found: [FileFingerprint?]
        let context: NIOSSLContext
        /// The authorities that clients' certificates must come from.
        let clientAuthorities: ClientAuthorities?
    }

    /// Certificate authorities of clients, each in DER form.
    package typealias ClientAuthorities = Set<[UInt8]>

    /// - Parameter protocols: the protocols offered by ALPN, in order of preference.
    package init(_ files: Files, protocols: [String] = ["h2", "http/1.1"]) throws(Fault) {
        self.files = files
        self.protocols = protocols
        loaded = Mutex(try ListenerTLS.load(files, protocols))
    }

    /// The files just before they were last read with success: with others since, something has changed.
    package var found: [FileFingerprint?] { loaded.withLock { $0.found } }

    /// Reads the files again. If that fails, the previous content stays in force.
    package func reload() throws(Fault) {
        let fresh = try ListenerTLS.load(files, protocols)
        loaded.withLock { $0 = fresh }
    }

    /// A handler for one connection, with the present certificate.
    package func handler() -> (handler: NIOSSLServerHandler, clientAuthorities: ClientAuthorities?) {
        let loaded = loaded.withLock { $0 }
        return (NIOSSLServerHandler(context: loaded.context), loaded.clientAuthorities)
    }

    /// Whether all authorities that a connection trusted when it began are still trusted.
    package func trusts(_ authorities: ClientAuthorities) -> Bool {
        loaded.withLock { $0.clientAuthorities.map { authorities.isSubset(of: $0) } ?? true }
    }

    /// A client's certificate, as it was verified when its connection began.
    package struct ClientCertificate {
        let names: [CertificateName]
        /// Its last second, since 1970-01-01T00:00:00Z.
        package let end: Int64

        /// The first name in it, or the fact that it has none.
        package var name: String {
            switch names.first {
            case .dns(let text), .uri(let text): text
            case nil: "a certificate without a name"
            }
        }
    }

    /// The client certificate of a connection; nil without one. To be called on the channel's event loop.
    package static func clientCertificate(on channel: any Channel) -> ClientCertificate? {
        guard let handler = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let certificate = handler.peerCertificate, let der = try? certificate.toDERBytes()
        else { return nil }
        return ClientCertificate(names: PeerCertificate.names(der: der), end: Int64(certificate.notValidAfter))
    }

    /// Suites with authenticated encryption (AEAD) and forward secrecy; TLS 1.3 has no others.
    private static let suites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func load(_ files: Files, _ protocols: [String]) throws(Fault) -> Loaded {
        let found = files.fingerprints
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
        configuration.applicationProtocols = protocols
        var clientAuthorities: ClientAuthorities?
        if let authority = files.clientAuthority {
            let roots = try certificates(authority)
            clientAuthorities = Set(roots.compactMap { try? $0.toDERBytes() })
            configuration.trustRoots = .certificates(roots)
            // A client has no host name to compare; the chain, the dates and the purpose are checked.
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return Loaded(found: found, context: try NIOSSLContext(configuration: configuration), clientAuthorities: clientAuthorities)
        } catch {
            throw Fault(path: files.privateKey, sentence: "doesn't belong to the certificate in \(files.certificate)")
        }
    }

    /// Largest file of certificates that is read, bytes.
    private static let largestFile = 8 << 20

    /// The content of a file of certificate authorities, checked to contain at least one.
    package static func authorities(_ path: String) throws(Fault) -> [UInt8] {
        let content = try content(path)
        _ = try certificates(content, of: path)
        return content
    }

    private static func certificates(_ path: String) throws(Fault) -> [NIOSSLCertificate] {
        try certificates(try content(path), of: path)
    }

    private static func content(_ path: String) throws(Fault) -> [UInt8] {
        do throws(FileBytes.Fault) {
            return try FileBytes.read(path, limit: largestFile)
        } catch {
            throw Fault(path: path, sentence: error == .openToAll ? error.sentence : "holds no certificates in PEM form")
        }
    }

    private static func certificates(_ content: [UInt8], of path: String) throws(Fault) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(content), !certificates.isEmpty else {
            throw Fault(path: path, sentence: "holds no certificates in PEM form")
        }
        return certificates
    }
}

extension ListenerTLS: Equatable {
    package static func == (left: ListenerTLS, right: ListenerTLS) -> Bool { left === right }
}
