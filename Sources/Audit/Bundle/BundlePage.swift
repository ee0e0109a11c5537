import Codecs
internal import Crypto

/// The page around a bundle: the same for every bundle of one version of the program.
enum BundlePage {
    /// The text before and after the JSON.
    static var around: (front: String, back: String) {
        let style = String(decoding: PackageResources.bundle_css, as: UTF8.self)
        let script = String(decoding: PackageResources.bundle_js, as: UTF8.self)
        let policy = "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'"
        let front = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width">
            <title>Evidence bundle</title>
            <style>\(style)</style>
            </head>
            <body>
            <main>
            <h1>Evidence bundle</h1>
            <p id="verdict" role="status">Not checked: the program in this page has not run, because it was changed or scripts are off. Don't believe
            what stands here; <code>hss-gateway audit verify-bundle FILE</code> checks it.</p>
            <dl id="facts"></dl>
            <table>
            <thead><tr><th>seq</th><th>proven</th><th>time</th><th>what</th><th>caller</th><th>outcome</th><th></th></tr></thead>
            <tbody></tbody>
            </table>
            <h2>What this proves</h2>
            <p>Each record is a leaf of a Merkle tree (RFC 6962). Its path leads to the root that the checkpoint names, and the checkpoint is
            signed (Ed25519, C2SP signed note). So whoever held the key signed a journal that has exactly these records at these places.
            Compare the key with the one that you keep, or the checkpoint with one that came to you another way: key and checkpoint in
            this file came with it.</p>
            </main>
            <script type="application/json" id="bundle">

            """
        return (front, "</script>\n<script>\(script)</script>\n</body>\n</html>\n")
    }

    /// The digest of the page without the JSON.
    static var digest: SHA256Hash? { digest(around.front + around.back) }

    static func digest(_ page: String) -> SHA256Hash? { SHA256Hash(SHA256.hash(data: Array(page.utf8))) }

    private static func hash(_ text: String) -> String { Base64.encode(Array(SHA256.hash(data: Array(text.utf8)))) }

    /// The tag that marks the JSON in a page.
    static let opening = "<script type=\"application/json\" id=\"bundle\">\n"
    static let closing = "</script>\n"
}
