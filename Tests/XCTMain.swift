import Testing

/// The program that runs the Swift tests. SwiftPM makes one itself unless this file is there, which also runs tests of XCTest. It would look for those in
/// an index of all sources, and making that index costs each compilation up to a third. There are no such tests here.
@main struct TestProgram {
    static func main() async {
        // `swift test` runs the program once for each library.
        guard CommandLine.arguments.contains("swift-testing") else { return }
        await Testing.__swiftPMEntryPoint() as Never
    }
}
