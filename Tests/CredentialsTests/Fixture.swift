import Foundation

/// The folder of this target's data files: next to the sources, so that no build setting is needed to find
/// them.
enum Fixture {
    static func path(_ name: String, sourceFile: String = #filePath) -> String {
        URL(fileURLWithPath: sourceFile).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
