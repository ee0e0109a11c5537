import FoundationEssentials
import Glibc

/// `CatalogueGenerator openapi.yaml Sources/Catalogue` writes the generated files of the catalogue.
@main
enum CatalogueGenerator {
    static func main() {
        guard CommandLine.arguments.count == 3 else { fail("usage: CatalogueGenerator OPENAPI-FILE DIRECTORY", status: 2) }
        do {
            let yaml = try String(contentsOf: URL(filePath: CommandLine.arguments[1]), encoding: .utf8)
            let directory = URL(filePath: CommandLine.arguments[2])
            for file in try GeneratedFile.all(fromYAML: yaml) {
                try Data(file.text.utf8).write(to: directory.appending(path: file.name))
            }
        } catch {
            fail("\(CommandLine.arguments[1]): \(error)", status: 1)
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        // The C library's stderr is a mutable global, which Swift 6 rejects; the descriptor does the same.
        let line = Array((message + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(status)
    }
}
