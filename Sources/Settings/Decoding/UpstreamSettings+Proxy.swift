extension UpstreamSettings {
    /// The variables that every HTTP client honours, the first one that is set is used; libcurl knows the lower-case forms too.
    private static let proxyVariables = ["HTTPS_PROXY", "https_proxy"]
    private static let exceptionVariables = ["NO_PROXY", "no_proxy"]

    /// The configured proxy, else that of the environment with its exceptions.
    static func proxy(_ reader: SectionReader) -> (proxy: ProxyReference?, exceptions: String?) {
        let environment = reader.pass.surroundings.environment
        if let node = reader.node("proxy") { return (configured(node, reader), nil) }
        guard let name = proxyVariables.first(where: { environment[$0]?.isEmpty == false }) else {
            reader.pass.record(reader.site("proxy"), "null")
            return (nil, nil)
        }
        let site = SettingsProblem.Site(reader.path.key("proxy"), .environment(name))
        reader.pass.record(site, YAMLText.quote(ProxyReference.environment(name).description))
        return (.environment(name), exceptionVariables.lazy.compactMap { environment[$0] }.first)
    }

    private static func configured(_ node: LocatedNode, _ reader: SectionReader) -> ProxyReference? {
        let site = reader.site("proxy")
        if let name = reader.variable(node) {
            guard reader.variableReference(name, site) != nil else { return nil }
            reader.pass.record(site, YAMLText.quote(ProxyReference.environment(name).description))
            return .environment(name)
        }
        let expected = "a proxy's URL such as http://proxy.example:3128, or ${NAME}"
        return reader.decode(node, site, .url(expected, schemes: ["http", "https", "socks5", "socks5h"])).map(ProxyReference.url)
    }
}
