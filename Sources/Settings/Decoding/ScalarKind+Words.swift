extension ScalarKind where Value == String {
    /// Any text on one line.
    static func text(_ expected: String, longest: Int = 1024) -> ScalarKind {
        simple("\(expected), at most \(longest) bytes on one line", render: YAMLText.quote) { text in
            let isSane = !text.isEmpty && text.utf8.count <= longest && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
            return isSane ? text : nil
        }
    }

    /// What a Host field can say before its port: a name or an address, of which one of IPv6 has brackets there. Nothing else would ever match.
    static var servedHost: ScalarKind {
        simple("a host name or address without a port, such as gateway.example", render: YAMLText.quote) { text in
            let plain = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
            if let address = IPAddress(text: plain), address.isVersion6 { return "[\(address)]" }
            return (1...253).contains(text.utf8.count) && text.utf8.allSatisfy(NameGrammar.isNameByte) ? text : nil
        }
    }

    /// The name of a listener, credential, project, caller or rule.
    static var name: ScalarKind {
        simple("a name: \(NameGrammar.sentence)", render: YAMLText.quote) { NameGrammar.accepts($0) ? $0 : nil }
    }

    /// A name that is declared elsewhere, or `*`; whether it exists is checked later.
    static func nameOf(_ noun: String) -> ScalarKind {
        text("the name of \(noun)", longest: 256)
    }

    /// A project's id. The cloud's are 32 hexadecimal digits; its API pages allow 1 to 256 characters.
    static var projectIdentifier: ScalarKind {
        simple("a project id, 32 hexadecimal digits as the console shows it", render: YAMLText.quote) { text in
            let letters = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            return (1...256).contains(text.utf8.count) && letters && !["_", "-"].contains(text) ? text : nil
        }
    }

    /// An enterprise project's id; the API allows 1 to 256 characters.
    static var enterpriseProject: ScalarKind {
        simple("an enterprise project id, \"0\" for the default one or all_granted_eps", render: YAMLText.quote) { text in
            (1...256).contains(text.utf8.count) && text.utf8.allSatisfy(NameGrammar.isNameByte) ? text : nil
        }
    }

    /// The same, or `*` for each one by its id.
    static var enterpriseProjectOrAny: ScalarKind {
        simple("an enterprise project id, all_granted_eps, or \"*\" for each one by its id", render: YAMLText.quote) { text in
            text == "*" || (1...256).contains(text.utf8.count) && text.utf8.allSatisfy(NameGrammar.isNameByte) ? text : nil
        }
    }

    /// libcurl's list of pinned keys: SHA-256 digests in base64, 44 characters each.
    static var pinnedPublicKey: ScalarKind {
        simple("pinned keys as sha256//BASE64, several separated by `;`", render: YAMLText.quote) { text in
            let pins = text.split(separator: ";", omittingEmptySubsequences: false)
            let areSane = pins.allSatisfy { pin in
                pin.hasPrefix("sha256//") && pin.utf8.count == 52 && pin.utf8.last == UInt8(ascii: "=")
                    && pin.utf8.dropFirst(8).dropLast().allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2b || $0 == 0x2f }
            }
            return areSane ? text : nil
        }
    }
}

extension ScalarKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few fixed words.
    static var word: ScalarKind {
        let words = Value.allCases.map(\.rawValue)
        return ScalarKind(
            expected: "one of \(words.joined(separator: ", "))",
            parse: { scalar throws(ScalarFault) in
                if let value = Value(rawValue: scalar.text) { return value }
                throw .invalid("expected one of \(words.joined(separator: ", "))", hint: DidYouMean(words).hint(for: scalar.text))
            },
            render: { YAMLText.quote($0.rawValue) })
    }
}

extension ScalarKind where Value == OperationPattern {
    static var operationPattern: ScalarKind {
        simple(
            "an operation's name or a pattern such as \"BatchExport*\"", render: { YAMLText.quote($0.text) },
            parse: OperationPattern.init(text:))
    }
}
