import Foundation

/// Files of the repository that these tests compare with the built code.
enum RepositoryFile {
    static let openAPI = path("openapi.yaml")

    static func generated(_ name: String) -> String { path("Sources/Catalogue/\(name)") }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    /// This file is two folders below the root.
    private static func path(_ relative: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: relative).path(percentEncoded: false)
    }
}
