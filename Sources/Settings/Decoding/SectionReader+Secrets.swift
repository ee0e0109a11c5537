extension SectionReader {
    /// A secret by one of its two keys, `token` or `token_file`; nil when neither is written.
    ///
    /// This function uses a secret's text only to check whether it is a reference.
    func secret(_ key: String) -> SecretReference? {
        let twin = key + Schema.fileSuffix
        guard !reportBoth(key, twin) else { return nil }
        if let node = node(twin) { return secretFile(node, site(twin)) }
        guard let node = node(key) else {
            pass.record(site(key), "null")
            return nil
        }
        if case .scalar(let scalar) = node.content, StoreReference.isMeant(by: scalar.text) { return secretFile(node, site(key)) }
        guard let name = variable(node) else {
            reportLiteral(key, twin)
            return nil
        }
        return variableReference(name, site(key)).map { record(.environment($0), site(key)) }
    }

    /// A required secret.
    func requiredSecret(_ key: String) -> SecretReference {
        if !has(key), !has(key + Schema.fileSuffix) { reportMissingSecret(key) }
        return secret(key) ?? .file("")
    }

    /// An access key id: like a secret, but a literal is allowed.
    func requiredAccessKey(_ key: String) -> AccessKeyReference {
        if let node = node(key), variable(node) == nil, !(node.scalar.map { StoreReference.isMeant(by: $0.text) } ?? false),
            !reportBoth(key, key + Schema.fileSuffix)
        {
            let kind = ScalarKind<String>.text("an access key id", longest: 128)
            let unreadable = ScalarKind(expected: kind.expected, parse: kind.parse) {
                YAMLText.quote(AccessKeyReference.literal($0).description)
            }
            return .literal(decode(node, site(key), unreadable) ?? "")
        }
        return .reference(requiredSecret(key))
    }

    private func secretFile(_ node: LocatedNode, _ site: SettingsProblem.Site) -> SecretReference? {
        guard let scalar = node.scalar, !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            pass.report(.init(.wrongType, site, "expected the path of a file that holds the secret"))
            return nil
        }
        if StoreReference.isMeant(by: scalar.text) {
            guard let path = pass.storePath(scalar.text, .secret, site) else { return nil }
            pass.record(site, YAMLText.quote("<\(scalar.text)>"))
            return .file(path)
        }
        let path = pass.absolute(scalar.text, node.origin)
        pass.require(path, .secret, site)
        return record(.file(path), site)
    }

    private func record(_ reference: SecretReference, _ site: SettingsProblem.Site) -> SecretReference {
        pass.record(site, YAMLText.quote(reference.description))
        return reference
    }

    private func reportBoth(_ key: String, _ twin: String) -> Bool {
        guard has(key), has(twin) else { return false }
        report(.conflict, twin, "`\(key)` and `\(twin)` are both given", hint: "keep one")
        return true
    }

    private func reportMissingSecret(_ key: String) {
        let hint = "add `\(key)\(Schema.fileSuffix): /path/to/file`, or `\(key): ${NAME}` for an environment variable"
        report(.missing, key, "`\(key)` is missing", hint: hint)
    }

    private func reportLiteral(_ key: String, _ twin: String) {
        report(
            .literalSecret, key, "a secret can't stand in the file itself",
            hint:
                "put it into a file of its own and write `\(twin): /path/to/file`, or into an environment variable and write `\(key): ${NAME}`; "
                + "treat what stood here as disclosed")
    }
}

extension SectionReader {
    /// The variable that a node refers to: `${NAME}` in the file, or the overriding variable itself.
    func variable(_ node: LocatedNode) -> String? {
        switch node.content {
        case .secretVariable(let name): return name
        case .scalar(let scalar):
            guard scalar.text.hasPrefix("${"), scalar.text.hasSuffix("}") else { return nil }
            let name = scalar.text.dropFirst(2).dropLast()
            guard let first = name.utf8.first, !first.isASCIIDigit else { return nil }
            return name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") } ? String(name) : nil
        case .null, .sequence, .mapping: return nil
        }
    }

    /// The name if the variable is set or need not be; nil, with a problem reported, if it is missing.
    func variableReference(_ name: String, _ site: SettingsProblem.Site) -> String? {
        // Container tools pass an unset variable as an empty one.
        if !pass.surroundings.hasSecrets || pass.surroundings.environment[name]?.isEmpty == false { return name }
        pass.report(
            .init(.missing, site, "the environment variable that this refers to is not set", hint: "set it, or name a file instead"))
        return nil
    }
}
