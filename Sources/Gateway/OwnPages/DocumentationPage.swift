import Catalogue
import Codecs
import Crypto
import Policy

/// `/-/docs`: the operations that a caller may call, as a page for browsers, without scripts and without content from elsewhere.
struct DocumentationPage {
    private let caller: Caller
    private let rights: [CallerRights.Right]
    private let query: String

    init(_ caller: Caller, _ rights: CallerRights, query: String) {
        self.caller = caller
        self.rights = rights.matching(query)
        self.query = query
    }

    var answer: OwnAnswer {
        OwnAnswer(type: "text/html; charset=utf-8", contentSecurityPolicy: Self.policy, bytes: Array(html.utf8))
    }

    private var html: String {
        let groups = Dictionary(grouping: rights) { OperationDescriptions.of($0.operation).tag }.sorted { $0.key < $1.key }
        let contents = groups.map { "<li><a href=\"#\(Self.anchor($0.key))\">\(Self.escaped($0.key))</a> <small>\($0.value.count)</small></li>" }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>HSS through hss-gateway</title><style>\(Self.style)</style></head><body>
            <header><h1>HSS through hss-gateway</h1>
            <p>What <strong>\(Self.escaped(caller.name))</strong> may call: \(rights.count) operations\(query.isEmpty ? "" : " found"). Send them to
            this address without cloud credentials. <a href="/-/openapi.yaml">OpenAPI</a> · <a href="/-/whoami">whoami</a> ·
            <a href="/-/usage">usage</a></p>
            <form action="/-/docs" method="get"><label for="q">Search</label> <input id="q" name="q" type="search" value="\(Self.escaped(query))">
            <button>Search</button></form></header>
            <nav aria-label="Groups"><ul>\(contents.joined())</ul></nav>
            <main>\(groups.map { Self.section($0.key, $0.value) }.joined())</main>
            </body></html>

            """
    }

    private static func section(_ tag: String, _ rights: [CallerRights.Right]) -> String {
        // Most operations are allowed in the same projects.
        var (names, projects) = ([String](), "")
        var text = "<section id=\"\(anchor(tag))\"><h2>\(escaped(tag))</h2>"
        for right in rights {
            if right.projects != names { (names, projects) = (right.projects, escaped(right.projects.joined(separator: ", "))) }
            let (beginning, end) = articles[right.operation.index]
            text += beginning
            text += projects
            text += end
        }
        return text + "</section>\n"
    }

    /// The text about each operation, before and after the names of projects: escaping them anew took 9 ms for each page.
    private static let articles = Operation.allCases.map(article)

    private static func article(_ operation: Operation) -> (beginning: String, end: String) {
        let parameters = operation.queryParameters.map { "<code>\(escaped($0.name))</code>\($0.repeats ? " (may repeat)" : "")" }
        let beginning = """
            <article id="\(operation.name)"><h3>\(escaped(OperationDescriptions.of(operation).summary))</h3>
            <p><code><b>\(operation.method.rawValue)</b> \(escaped(operation.template))</code></p>
            <dl><dt>Operation</dt><dd>\(operation.name)</dd><dt>Kind</dt><dd>\(operation.kind.rawValue)</dd>
            <dt>Projects</dt><dd>
            """
        let end = """
            </dd>
            \(parameters.isEmpty ? "" : "<dt>Query</dt><dd>\(parameters.joined(separator: ", "))</dd>")</dl></article>

            """
        return (beginning, end)
    }

    private static func anchor(_ tag: String) -> String {
        String(tag.lowercased().map { $0.isASCII && $0.isLetter ? $0 : "-" })
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}\
        nav ul{columns:16rem;padding:0;list-style:none}article{border-top:1px solid #8886;padding:.5rem 0}h3{font-size:1rem;margin:.5rem 0}\
        p,dl{margin:.25rem 0}code{overflow-wrap:anywhere}dl{display:grid;grid-template-columns:7rem 1fr;gap:0 1rem}\
        dd{margin:0;overflow-wrap:anywhere}\
        dt{opacity:.75}input,button{font:inherit;max-width:100%}
        """

    /// Allows the page's own style and form, and nothing else.
    private static let policy: String = {
        let digest = Base64.encode(Array(SHA256.hash(data: Array(style.utf8))))
        return "default-src 'none'; style-src 'sha256-\(digest)'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }()
}
