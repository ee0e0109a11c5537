import NIOHTTP1

/// The console's files, which are part of the binary. They contain no data: the page uses the admin API like any other
/// client.
struct ConsoleRoutes {
    /// The path of each file. The page, its style and its first module are at the root, everything that they load is below
    /// `/console/`.
    private static let files: [String: ConsoleFile] = {
        let script = "text/javascript; charset=utf-8"
        var files = [
            "/": ConsoleFile(PackageResources.console_html, type: "text/html; charset=utf-8"),
            "/console.css": ConsoleFile(PackageResources.console_css, type: "text/css; charset=utf-8"),
            "/console.js": ConsoleFile(PackageResources.console_js, type: script),
            "/console/words.en.json": ConsoleFile(PackageResources.words_en_json, type: "application/json"),
            "/console/words.zh.json": ConsoleFile(PackageResources.words_zh_json, type: "application/json"),
        ]
        let modules = [
            ("api", PackageResources.api_js), ("drop", PackageResources.drop_js), ("exchange", PackageResources.exchange_js),
            ("fleet", PackageResources.fleet_js), ("note", PackageResources.note_js),
            ("page-callers", PackageResources.page_callers_js), ("page-evidence", PackageResources.page_evidence_js),
            ("page-exports", PackageResources.page_exports_js), ("page-fleet", PackageResources.page_fleet_js),
            ("page-overview", PackageResources.page_overview_js), ("page-quota", PackageResources.page_quota_js),
            ("page-records", PackageResources.page_records_js), ("place", PackageResources.place_js), ("plot", PackageResources.plot_js),
            ("ui", PackageResources.ui_js),
        ]
        for (name, content) in modules { files["/console/\(name).js"] = ConsoleFile(content, type: script) }
        return files
    }()

    /// Forbids foreign sources, inline scripts and styles, and frames.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

    func add(to router: inout Router) {
        for path in ["/", "/console.css", "/console.js", "/console/:file"] {
            router.get(path) { request in ConsoleRoutes.answer(request) }
        }
    }

    private static func answer(_ request: Request) -> Response {
        guard let file = files[request.path] else { return AdminAnswer.fault(.notFound, "The console has no such file.") }
        let compressed = acceptsGzip(request.headers["Accept-Encoding"]) ? file.compressed : nil
        let tag = compressed == nil ? file.tag : file.compressedTag
        var headers: HTTPHeaders = [
            "ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
        ]
        if holds(tag, request.headers["If-None-Match"]) { return Response(.notModified, headers: headers) }
        headers.add(name: "Content-Type", value: file.type)
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        if compressed != nil { headers.add(name: "Content-Encoding", value: "gzip") }
        return Response(.ok, headers: headers, body: compressed ?? file.content)
    }

    /// Whether a list of codings (RFC 9110 section 12.5.3) accepts gzip: it or `*` is named, and not with the weight 0.
    static func acceptsGzip(_ values: [String]) -> Bool {
        var weights: [String: Bool] = [:]
        for coding in values.joined(separator: ",").lowercased().split(separator: ",") {
            let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let name = parts.first else { continue }
            let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && $0.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." } }
            weights[name] = !isRefused
        }
        return weights["gzip"] ?? weights["*"] ?? false
    }

    /// Whether a list of tags (RFC 9110 section 13.1.2) contains this one; a weak tag is sufficient here.
    static func holds(_ tag: String, _ values: [String]) -> Bool {
        values.joined(separator: ",").split(separator: ",").contains { given in
            let given = given.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
            let text = String(given)
            return text == "*" || text == tag || text == "W/" + tag
        }
    }
}
