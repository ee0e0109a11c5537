import HTTPTypes
import Hummingbird
import NIOCore

/// The console's three files, which are inside the binary. They hold nothing of anybody's: the page asks the admin API like any other client.
struct ConsoleRoutes {
    /// Files that need no token.
    static let paths: Set<String> = ["/", "/console.css", "/console.js"]

    /// Nothing from elsewhere, nothing inline, nobody's frame.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in file(PackageResources.console_html, "text/html; charset=utf-8") }
        router.get("/console.css") { _, _ in file(PackageResources.console_css, "text/css; charset=utf-8") }
        router.get("/console.js") { _, _ in file(PackageResources.console_js, "text/javascript; charset=utf-8") }
    }

    private func file(_ bytes: [UInt8], _ type: String) -> Response {
        var headers: HTTPFields = [
            .contentType: type, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff", .contentSecurityPolicy: ConsoleRoutes.policy,
        ]
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
