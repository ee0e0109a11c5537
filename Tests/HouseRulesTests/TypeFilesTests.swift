import Testing

/// The file of a type can be found by its name, and no two types have the same name.
@Suite struct TypeFilesTests {
    /// A top-level type in one of our files.
    private struct Declared {
        let name: String
        let access: Substring
        let file: SourceFile

        /// The file's name without its topic and extension: `Journal` of `Journal+Evidence.swift`.
        var stem: Substring { file.path.split(separator: "/").last.map { $0.prefix { $0 != "+" && $0 != "." } } ?? "" }
    }

    private static func declared(in files: [SourceFile]) -> [Declared] {
        let declaration =
            /^(?:@\w+(?:\([^)]*\))? )*(package |private |fileprivate )?(?:final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
        return files.flatMap { file in
            file.code.compactMap { line in
                line.firstMatch(of: declaration).map { Declared(name: String($0.2), access: $0.1 ?? "", file: file) }
            }
        }
    }

    /// What to do about each package type in an unexpected file.
    private static func misplaced(in files: [SourceFile]) -> [String] {
        let all = declared(in: files)
        let names = Dictionary(grouping: all, by: \.file.target).mapValues { Set($0.map(\.name)) }
        return all.compactMap { type in
            guard type.access == "package " else { return nil }
            let servesType = type.name.hasPrefix(type.stem) && names[type.file.target]?.contains(String(type.stem)) == true
            guard type.name != type.stem, !servesType else { return nil }
            return "\(type.file): move \(type.name) to \(type.name).swift, nest it in the type that it serves, or begin its name with that type's"
        }
    }

    @Test func `every package type stands in a file of its name, or in that of the type whose name begins its own`() {
        #expect(Self.misplaced(in: SourceFile.sources) == [])
    }

    @Test func `sees a type in a foreign file`() {
        func misplaced(_ path: String, _ lines: [String]) -> Int { Self.misplaced(in: [SourceFile(path: path, lines: lines)]).count }
        #expect(misplaced("Sources/A/Journal.swift", ["package struct Journal {}", "package enum JournalFault {}", "struct Draft {}"]) == 0)
        #expect(misplaced("Sources/A/Journal+Fault.swift", ["extension Journal {", "    package enum Fault {}", "}"]) == 0)
        #expect(misplaced("Sources/A/Journal.swift", ["package struct Journal {}", "package final class Fault {}"]) == 1)
        #expect(misplaced("Sources/A/Jour.swift", ["@frozen package struct Journal {}"]) == 1, "no type is called Jour")
    }

    /// The sandbox is a stand-in for the cloud that shares no code with what it tests; the generator is a separate program.
    @Test func `no two modules have a type of the same name`() {
        let ours = Self.declared(in: SourceFile.sources.filter { !["Sandbox", "CatalogueGenerator"].contains($0.target) })
        let modules = Dictionary(grouping: ours.filter { $0.access != "private " && $0.access != "fileprivate " }, by: \.name)
            .mapValues { Set($0.map(\.file.target)).sorted() }
        #expect(modules.count > 500)
        #expect(modules.filter { $0.value.count > 1 } == [:])
    }
}
