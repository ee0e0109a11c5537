import CCurl
import CCurlMemory
import Glibc

/// What holds for libcurl in the whole process.
enum CurlLibrary {
    /// What the libcurl that is loaded has to offer.
    struct Abilities: Sendable {
        let http2: Bool
        /// Whether an HTTP/2 connection without TLS can serve a second request. Before 8.0.0 libcurl stacked a second HTTP/2 layer on it,
        /// and every request but the first failed with CURLE_HTTP2 (curl's pull request 10643).
        let reusesPriorKnowledgeConnections: Bool
        /// The system's file of authorities, as libcurl was built to find it.
        let certificateAuthorityFile: String?
    }

    /// Initialises libcurl on first use, once, and judges what was loaded. A `static let` is what makes that safe among threads.
    static let abilities: Result<Abilities, TransportError> = {
        // OpenSSL writes to sockets without MSG_NOSIGNAL, and libcurl does not mask SIGPIPE under NOSIGNAL. NIO ignores it as well.
        signal(SIGPIPE, SIG_IGN)
        let isReady = curl_global_init_mem(
            ccurl_global_default, ccurl_memory_allocate, ccurl_memory_free, ccurl_memory_reallocate, ccurl_memory_duplicate,
            ccurl_memory_allocate_zeroed)
        guard isReady == CURLE_OK, let information = curl_version_info(ccurl_version_now) else {
            return .failure(.configuration(.library))
        }
        let features = information.pointee.features
        // The header is checked at compile time; the library that is loaded may be another.
        guard information.pointee.version_num >= CCURL_MINIMUM_VERSION, has(features, CURL_VERSION_SSL),
            has(features, CURL_VERSION_ASYNCHDNS)
        else { return .failure(.configuration(.library)) }
        return .success(
            Abilities(
                http2: has(features, CURL_VERSION_HTTP2),
                reusesPriorKnowledgeConnections: information.pointee.version_num >= 0x080000,
                certificateAuthorityFile: systemAuthorities(builtIn: information.pointee.cainfo.map { String(cString: $0) })
            )
        )
    }()

    private static func has(_ features: CInt, _ feature: some BinaryInteger) -> Bool {
        features & CInt(feature) != 0
    }

    /// Where distributions keep the system's authorities, for a libcurl that was built on another one.
    private static func systemAuthorities(builtIn: String?) -> String? {
        let places = [
            builtIn, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ]
        return places.lazy.compactMap(\.self).first { access($0, R_OK) == 0 }
    }
}
