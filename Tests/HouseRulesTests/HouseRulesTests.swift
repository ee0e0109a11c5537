import Testing

/// Rules of the architecture and the house style that the compiler can't check, checked by reading the
/// sources.
@Suite struct HouseRulesTests {
    private static let ours: Set<String> = [
        "Transport", "Catalogue", "Codecs", "Files", "Policy", "Credentials", "Recognition", "Audit", "Settings", "Gateway", "Administration",
        "Assembly", "Inquiry",
        "Recollection",
        "PostgreSQL",
        "Sandbox", "Shipping", "Fleet", "YAML", "CCurl", "CCurlMemory", "CLibYAML", "CLinux", "CNghttp2", "CSQLite", "CPostgreSQL", "CStreamFrames",
        "CZlib",
        "CBuildStamp",
    ]

    private static func offenders(_ rule: (SourceFile) -> [String]) -> [String] { SourceFile.sources.flatMap(rule) }

    private static func offences(against pattern: some RegexComponent) -> [String] {
        offenders { $0.isGenerated ? [] : $0.code(matching: pattern) }
    }

    @Test func `finds the sources it judges`() {
        #expect(SourceFile.sources.count > 200)
        #expect(
            Set(SourceFile.sources.map(\.target)).isSuperset(of: ["Transport", "Catalogue", "Policy", "Credentials", "Audit", "Gateway"]))
        #expect(SourceFile.sources.contains { $0.imports.contains("CCurl") }, "the imports are read")
        #expect(SourceFile(path: "Sources/A/a.swift", lines: ["  package import struct NIOCore.ByteBuffer"]).imports == ["NIOCore"])
        #expect(SourceFile.code(of: #"    let a = try! b // try! "c""#).contains(/try!/))
        #expect(!SourceFile.code(of: #"    let a = "try!" // try!"#).contains(/try!/))
    }

    // MARK: - Modules

    @Test func `lets only Transport see libcurl`() {
        #expect(Self.offenders { $0.target != "Transport" && $0.imports.contains("CCurl") ? [$0.path] : [] } == [])
        #expect(Self.offenders { $0.target != "Transport" ? $0.code(matching: /\bcurl_(easy|multi|global)_/) : [] } == [])
    }

    /// JWTKit's interface uses types of FoundationEssentials, and links them anyway.
    @Test func `imports no Foundation, and its essentials only into the generator and where JWTKit asks for them`() {
        let heavy: Set<String> = ["Foundation", "FoundationNetworking", "FoundationInternationalization", "Dispatch"]
        #expect(Self.offenders { $0.imports.filter(heavy.contains).map { "\($0)" } } == [])
        #expect(
            Self.offenders { file in
                let isExcused = file.target == "CatalogueGenerator" || file.path.contains("Recognition/Tokens/")
                return !isExcused && file.imports.contains("FoundationEssentials") ? [file.path] : []
            } == [])
    }

    /// Which of our modules each module may import; no others are visible there.
    @Test(
        arguments: [
            ("Transport", ["CCurl", "CCurlMemory", "CLinux", "CStreamFrames", "Codecs"]), ("Catalogue", []), ("CatalogueGenerator", ["YAML"]),
            ("YAML", ["CLibYAML"]), ("Codecs", []), ("Files", ["Codecs"]), ("Audit", ["Codecs", "CZlib", "Files"]), ("Policy", ["Catalogue"]),
            ("Credentials", ["Codecs", "Policy"]), ("Recognition", ["Codecs", "Credentials", "Files", "Policy"]), ("Settings", ["Codecs", "YAML"]),
            ("Inquiry", ["Audit", "Codecs", "CSQLite", "Files"]),
            ("Recollection", ["Audit", "Files"]),
            ("PostgreSQL", ["CPostgreSQL"]),
            ("Fleet", ["Audit", "Codecs", "CLinux", "Policy", "PostgreSQL", "Recollection"]),
            (
                "Gateway",
                [
                    "Audit", "Catalogue", "CLinux", "CNghttp2", "Codecs", "Credentials", "Fleet", "Recognition", "Inquiry", "Policy",
                    "Recollection", "Spans", "Transport",
                ]
            ),
            ("Spans", []),
            ("Administration", ["Audit", "Catalogue", "Codecs", "CZlib", "Credentials", "Fleet", "Gateway", "Inquiry", "Policy"]),
            ("Sandbox", ["Catalogue"]),
            ("Shipping", ["Audit", "Codecs", "CLinux", "Files", "Inquiry", "PostgreSQL", "Spans", "Transport"]),
        ] as [(String, Set<String>)])
    func `keeps each module to the neighbours it may know`(target: String, allowed: Set<String>) {
        for file in SourceFile.sources where file.target == target {
            #expect(Set(file.imports).intersection(Self.ours).subtracting(allowed) == [], "\(file)")
        }
        #expect(!allowed.contains("Settings"))
    }

    @Test func `makes permits and callers in Policy alone`() {
        #expect(Self.offenders { $0.target == "Policy" ? [] : $0.code(matching: /\b(Permit|Caller)\((rule|definition):/) } == [])
    }

    // MARK: - Style

    @Test func `offers nothing to the public`() {
        #expect(Self.offences(against: /^\s*(@\w+\s+)*(public|open)\s/) == [])
    }

    @Test func `never stops the process where the world can be at fault`() {
        #expect(Self.offences(against: /\btry!|\bas!|\bfatalError\b|\bunsafeBitCast\b|\bassertionFailure\b/) == [])
    }

    /// A number of a request, a file, a row or an answer can be any value: adding one to the largest would trap. So in the modules that read such
    /// numbers, code that adds, subtracts or multiplies one of these names saturates, checks, or has a comment within two lines above that proves
    /// the bound.
    @Test func `says of arithmetic on numbers from outside why it cannot overflow`() {
        let readers: Set<String> = ["Inquiry", "Recollection", "Shipping"]
        let unbounded = Self.offenders { file in
            guard readers.contains(file.target) || file.target == "Administration" else { return [] }
            return file.code.indices.compactMap { index in
                guard Self.isOutsideArithmetic(file.code[index]) else { return nil }
                return file.lines[max(0, index - 2)...index].contains { $0.contains("// Bounded:") } ? nil : "\(file):\(index + 1)"
            }
        }
        #expect(unbounded == [])
        #expect(Self.isOutsideArithmetic("let end = cursor.sequence + 1") && Self.isOutsideArithmetic("sum += rows"))
        #expect(!Self.isOutsideArithmetic("sum.rows = sum.rows.saturatingSum(rows)") && !Self.isOutsideArithmetic("rows += 1"))
    }

    /// Whether a name of a number from outside is next to an operator that can overflow.
    private static func isOutsideArithmetic(_ code: String) -> Bool {
        let names: Set<Substring> = [
            "sequence", "number", "rows", "milliseconds", "microseconds", "seconds", "duration", "slot", "lowest", "highest", "rejected", "first",
            "last", "next", "limit", "day",
        ]
        let operators: Set<Substring> = ["+", "-", "*", "+=", "-=", "*="]
        func isOutside(_ operand: Substring, isLeft: Bool) -> Bool {
            let path = isLeft ? operand.drop { "([{-".contains($0) } : operand.prefix { $0.isLetter || ".?_".contains($0) }
            guard isLeft || !operand.dropFirst(path.count).hasPrefix("(") else { return false }
            return path.split(whereSeparator: { ".?([".contains($0) }).last.map(names.contains) ?? false
        }
        let words = code.split(separator: " ")
        return words.indices.dropFirst().dropLast().contains { index in
            guard operators.contains(words[index]), words[index + 1] != "1" || words[index] != "+=" else { return false }
            return isOutside(words[index - 1], isLeft: true) || isOutside(words[index + 1], isLeft: false)
        }
    }

    /// An optional is unwrapped by `if let`, `guard let` or `??`; for a value that can't be nil `preconditionFailure` says
    /// why.
    /// SwiftNIO's `socketOption` sets any option at the level of sockets, where TCP_NODELAY's number is SO_DEBUG, which is refused to all but root.
    @Test func `sets options of TCP at the level of TCP`() {
        #expect(Self.offences(against: /\.socketOption\(\.(tcp|ip|ipv6)_/) == [])
    }

    @Test func `forces no optional`() {
        #expect(Self.offences(against: /[\w\])]!(?!=)/) == [])
    }

    @Test func `leaves nothing for later`() {
        let left = Self.offenders { file in
            guard !file.isGenerated else { return [] }
            return file.lines.filter { line in
                guard line.contains("//") else { return false }
                return line.contains(/\b(TODO|FIXME|XXX|HACK)\b/)
                    || line.contains(/^\s*\/\/\s*(let|var|func|return|if|guard|import)\s.*[={(]/)
            }.map { "\(file): \($0)" }
        }
        #expect(left == [])
    }

    /// Code that turns off a check of the compiler has a comment within the dozen lines above that proves it
    /// safe.
    @Test func `argues for each thing that the compiler can't check`() {
        let unchecked = /@unchecked Sendable|nonisolated\(unsafe\)|@preconcurrency|assumeIsolated|unsafeDowncast/
        let argument = /\/\/.*\b(because|since|so|only|never|nobody|confined|before|until|owns?|holds?|written|loop|thread)\b/
        let unproven = Self.offenders { file in
            file.lines.indices.compactMap { index in
                guard file.code[index].contains(unchecked) else { return nil }
                let above = file.lines[max(0, index - 12)...index]
                return above.contains { $0.contains(argument) } ? nil : "\(file):\(index + 1)"
            }
        }
        #expect(unproven == [])
    }

    @Test func `keeps files short`() {
        #expect(
            (SourceFile.sources + SourceFile.tests).filter { !$0.isGenerated && $0.lines.count > 401 }.map { "\($0): \($0.lines.count)" }
                == [])
    }

    @Test func `keeps lines to 150 columns`() {
        let long = Self.offenders { file in
            file.isGenerated ? [] : zip(1..., file.lines).compactMap { $1.count > 150 ? "\(file):\($0)" : nil }
        }
        #expect(long == [])
    }

    @Test func `describes every event of the journal`() throws {
        let places = /(?:events\.record\(|event: |tell\(|complain\(|[eE]vent = )/
        let name = /"([a-z]+(?:_[a-z]+)*)"(?!:)/
        let events = Set(
            SourceFile.sources.filter { ["Administration", "Assembly", "Audit", "Fleet", "Gateway", "hss-gateway"].contains($0.target) }.flatMap {
                file in
                let isList = file.path.hasSuffix("RecoveryFinding.swift")
                return file.lines.filter { isList ? $0.contains("case .") : $0.contains(places) && !$0.contains("//") }.flatMap { line in
                    line.split(separator: ", [").first.map { $0.matches(of: name).map { String($0.1) } } ?? []
                }
            })
        // The moment from which nothing can be written has no record, closed requests have records of their own, and two are members of a detail.
        let unwritten: Set<String> = ["journal_failing", "requests_unknown", "created", "revoked"]
        #expect(events.count > 30, "\(events.sorted())")
        let page = try SourceFile.document("docs/audit-record.md")
        #expect(events.subtracting(unwritten).filter { !page.contains("`\($0)`") }.sorted() == [])
    }

    @Test func `names types by what they are`() {
        #expect(
            Self.offences(
                against:
                    /\b(class|struct|enum|actor|protocol|typealias)\s+\w*(Manager|Helper|Util|Utils|Utility|Utilities|Common|Base|Impl)\b/)
                == []
        )
        let files = Self.offenders { file in
            file.path.contains(/(Manager|Helper|Util|Utils|Utilities|Impl|Extensions)(\+\w+)?\.swift$/) ? [file.path] : []
        }
        #expect(files == [])
    }

    @Test func `names no place of the machine it was written on`() {
        let places = /(^|[^\w.])\/(work|home|root|Users|tmp|var\/tmp)\//
        let found = (SourceFile.sources + SourceFile.companions).filter { !$0.isGenerated }.flatMap { file in
            zip(1..., file.lines).compactMap { $1.contains(places) ? "\(file):\($0)" : nil }
        }
        #expect(found == [])
    }

    @Test func `says in a comment what each type is for`() {
        let declaration = /^(package |private |fileprivate )?(final )?(class|struct|enum|actor|protocol) \w+/
        let silent = Self.offenders { file in
            guard !file.isGenerated else { return [] }
            return file.lines.indices.compactMap { index in
                guard file.lines[index].contains(declaration) else { return nil }
                var above = index - 1
                while above >= 0, file.lines[above].hasPrefix("@") { above -= 1 }
                return above >= 0 && file.lines[above].hasPrefix("//") ? nil : "\(file):\(index + 1)"
            }
        }
        #expect(silent == [])
    }
}
