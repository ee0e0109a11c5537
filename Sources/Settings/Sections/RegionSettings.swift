/// Endpoints that override or add to the built-in table, for one region.
package struct RegionSettings: Sendable, Hashable {
    package let name: String
    package let hss: EndpointURL?
    package let iam: EndpointURL?
    package let sts: EndpointURL?
}

extension RegionSettings {
    init(name: String, _ reader: SectionReader) {
        self.name = name
        if !NameGrammar.accepts(name) {
            reader.pass.report(.init(.invalidValue, reader.site, "not a region's name: expected \(NameGrammar.sentence)"))
        }
        hss = reader.optional("hss", .serviceEndpoint)
        iam = reader.optional("iam", .serviceEndpoint)
        sts = reader.optional("sts", .serviceEndpoint)
        if !reader.has("hss"), !reader.has("iam"), !reader.has("sts") {
            reader.pass.report(.init(.missing, reader.site, "this region names no endpoint", hint: "add `hss:` or `iam:` with a URL"))
        }
    }
}
