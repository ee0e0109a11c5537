import Foundation

/// Where this target's data files are: next to the sources, so that no build setting is needed to find them.
enum Fixture {
    static func path(_ name: String, sourceFile: String = #filePath) -> String {
        URL(fileURLWithPath: sourceFile).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
