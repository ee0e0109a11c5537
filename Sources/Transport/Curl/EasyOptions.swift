import CCurl

// Every option that matters is passed here, once for each easy handle, with its reason. What differs from request to request is in EasyHandle.
// Nothing is left to libcurl's defaults, to the environment or to a file in the user's home directory.

extension EasyHandle {
    /// Sets the options that are common to all transfers of a transport.
    func configure(_ configuration: TransportConfiguration, authorities: String?) throws(TransportError) {
        addresses = configuration.addresses
        try configureSecurity()
        try configureTLS(configuration, authorities: authorities)
        try configureProxy(configuration, authorities: authorities)
        try configureHTTP(configuration)
        try configureCallbacks()
    }

    private func configureSecurity() throws(TransportError) {
        // libcurl speaks some thirty protocols; a URL must never reach file:// or scp://.
        try set(ccurl_set_protocols(easy, "http,https"))
        // Redirects are refused one line below; if they were ever followed, then only to TLS.
        try set(ccurl_set_redirect_protocols(easy, "https"))
        // A redirect would send a signed request to a place for which it was not authorized.
        try set(ccurl_set_follow_location(easy, 0))
        // Sending another path than the one that was checked would bypass the policy.
        try set(ccurl_set_path_as_is(easy, 1))
        // HTTP/0.9 turns any bytes into a body.
        try set(ccurl_set_http09_allowed(easy, 0))
        // Credentials never come from ~/.netrc.
        try set(ccurl_set_netrc(easy, CLong(CURL_NETRC_IGNORED.rawValue)))
        // Never a credential for another host.
        try set(ccurl_set_unrestricted_auth(easy, 0))
        // Signal handlers belong to the process; with threads, libcurl's time-outs must not use SIGALRM.
        try set(ccurl_set_no_signal(easy, 1))
        // Removing a transfer must not wait on this loop for a name lookup that hangs.
        try set(ccurl_set_quick_exit(easy, 1))
    }

    private func configureTLS(_ configuration: TransportConfiguration, authorities: String?) throws(TransportError) {
        // A chain to a trusted authority, always.
        try set(ccurl_set_verify_peer(easy, 1))
        // 2: the certificate must be for this host, always.
        try set(ccurl_set_verify_host(easy, 2))
        // TLS 1.0 and 1.1 are withdrawn (RFC 8996).
        try set(ccurl_set_tls_version(easy, ccurl_tls_1_2_or_newer))
        // HTTP/2 is chosen by ALPN or not at all.
        try set(ccurl_set_alpn(easy, 1))
        if let authorities {
            // libcurl caches a single file of authorities, without a directory, between connections.
            try set(ccurl_set_certificate_authority_file(easy, authorities))
            try set(ccurl_set_certificate_authority_directory(easy, nil))
        }
        // The operator's pin, in addition to the chain.
        try set(ccurl_set_pinned_public_key(easy, configuration.pinnedPublicKey))
    }

    private func configureProxy(_ configuration: TransportConfiguration, authorities: String?) throws(TransportError) {
        // The empty text switches proxies off; nil would use http_proxy and similar variables.
        try set(ccurl_set_proxy(easy, configuration.proxy ?? ""))
        // The empty text is "no exception"; nil would use the variable no_proxy.
        try set(ccurl_set_no_proxy(easy, configuration.noProxy ?? ""))
        // A tunnel for http as well, so that no proxy reads or rewrites a request.
        try set(ccurl_set_proxy_tunnel(easy, 1))
        // The proxy's answer to CONNECT is not the upstream's head.
        try set(ccurl_set_suppress_connect_headers(easy, 1))
        // The request's fields, a token among them, are not for the proxy.
        try set(ccurl_set_header_separation(easy, CLong(CURLHEADER_SEPARATE)))
        // A proxy reached by https is verified like an upstream.
        try set(ccurl_set_proxy_verify_peer(easy, 1))
        try set(ccurl_set_proxy_verify_host(easy, 2))
        try set(ccurl_set_proxy_tls_version(easy, ccurl_tls_1_2_or_newer))
        if let authorities {
            try set(ccurl_set_proxy_certificate_authority_file(easy, authorities))
            try set(ccurl_set_proxy_certificate_authority_directory(easy, nil))
        }
    }

    private func configureHTTP(_ configuration: TransportConfiguration) throws(TransportError) {
        let version =
            switch configuration.http2 {
            case .automatic: CURL_HTTP_VERSION_2TLS
            case .off: CURL_HTTP_VERSION_1_1
            case .priorKnowledge: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            }
        try set(ccurl_set_http_version(easy, CLong(version)))
        http2 = configuration.http2
        if configuration.http2 == .priorKnowledge, try !CurlLibrary.abilities.get().reusesPriorKnowledgeConnections {
            // One connection per request is slow, but the only method that works.
            neverReusesConnections = true
            try set(ccurl_set_fresh_connect(easy, 1))
            try set(ccurl_set_forbid_reuse(easy, 1))
        }
        // A compressed body is passed on unchanged, with its Content-Encoding.
        try set(ccurl_set_content_decoding(easy, 0))
        // Chunks are unpacked; the caller's side adds its own framing.
        try set(ccurl_set_transfer_decoding(easy, 1))
        // The sweep checks the other timeouts, because libcurl has none for the first byte.
        try set(ccurl_set_connect_timeout_milliseconds(easy, configuration.connectTimeout.wholeMilliseconds))
        // Requests are written in one piece; waiting for more would only delay them.
        try set(ccurl_set_tcp_no_delay(easy, 1))
        // Middleboxes drop idle connections; a long download may be idle for a while.
        try set(ccurl_set_tcp_keep_alive(easy, 1))
        // Upstreams close idle connections after a minute or so; an older one is likely dead.
        try set(ccurl_set_connection_age_limit_seconds(easy, CLong(TransportLimits.idleConnectionSeconds)))
        // A name's address may change at any time; a connection that never ends would not notice.
        let lifetime = configuration.connectionLifetime
        let jittered = lifetime * Double.random(in: TransportLimits.shortestLifetimeShare...1)
        try set(ccurl_set_connection_lifetime_seconds(easy, CLong(jittered.wholeSeconds)))
        try set(ccurl_set_name_cache_seconds(easy, CLong(min(lifetime.wholeSeconds, TransportLimits.nameCacheSeconds))))
        try set(ccurl_set_buffer_size(easy, CLong(Self.bufferBytes)))
        // The progress meter is not used.
        try set(ccurl_set_no_progress(easy, 1))
    }

    private func configureCallbacks() throws(TransportError) {
        let handle = Unmanaged.passUnretained(self).toOpaque()
        try set(ccurl_set_private_data(easy, handle))
        try set(ccurl_set_header_data(easy, handle))
        try set(ccurl_set_header_function(easy, receiveHeaderLine))
        try set(ccurl_set_write_data(easy, handle))
        try set(ccurl_set_write_function(easy, receiveBody))
        // Called before each sending, also before a second one that libcurl decides on by itself.
        try set(ccurl_set_prerequest_data(easy, handle))
        try set(ccurl_set_prerequest_function(easy, approveSending))
        // Called for transfers that ask for it (`prepareConnection`); without a function libcurl would write to stderr.
        try set(ccurl_set_debug_data(easy, handle))
        try set(ccurl_set_debug_function(easy, hearMessage))
        // A kept connection outlives the easy handle, so sockets belong to the multi handle.
        let multi = Unmanaged.passUnretained(self.multi).toOpaque()
        // A socket is opened for one origin, whose addresses are checked.
        try set(ccurl_set_open_socket_data(easy, handle))
        try set(ccurl_set_open_socket_function(easy, openSocket))
        try set(ccurl_set_close_socket_data(easy, multi))
        try set(ccurl_set_close_socket_function(easy, closeSocket))
    }
}

extension Duration {
    /// In libcurl's range: at least one, since libcurl reads 0 as "for ever", and at most what a C int holds.
    var wholeSeconds: Int { Int(min(max(components.seconds, 1), Int64(Int32.max))) }

    /// In libcurl's range: at least one, since libcurl reads 0 as "no timeout", and at most what a C int holds.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        guard !milliseconds.overflow else { return Int(Int32.max) }
        return min(max(Int(milliseconds.partialValue + attoseconds / 1_000_000_000_000_000), 1), Int(Int32.max))
    }
}
