/// A region of Huawei Cloud and where its services are.
///
/// The tables follow the official SDKs (Python 3.1.219). An endpoint that a table lacks falls back as the SDKs do; the
/// configuration can override each of them.
package struct Region: Sendable, Hashable {
    /// The identifier, for example `cn-north-4`; also the name of the region's own project in IAM.
    package let id: String
    /// Where HSS is; nil in the one region that has IAM but no HSS.
    package let hss: String?
    /// Where IAM is: the region's own endpoint or the global one.
    package let iam: String
    /// Where STS is: the region's own endpoint or the one of cn-north-4.
    package let sts: String

    /// Serves all regions, and is what the SDKs use for a region without an endpoint of its own.
    package static let globalIAM = "https://iam.myhuaweicloud.com"
    /// What the SDKs use for a region without an endpoint of its own.
    package static let defaultSTS = "https://sts.cn-north-4.myhuaweicloud.com"

    /// The region with exactly this identifier.
    package init?(id: some StringProtocol) {
        guard let region = Self.all.first(where: { $0.id == id }) else { return nil }
        self = region
    }

    init(_ id: String, _ services: Services) {
        self.id = id
        hss = services.contains(.hss) ? Self.hssEndpoint(of: id) : nil
        iam = services.contains(.iam) ? "https://iam.\(id).myhuaweicloud.com" : Self.globalIAM
        sts = services.contains(.sts) ? "https://sts.\(id).myhuaweicloud.com" : Self.defaultSTS
    }

    /// eu-west-101 is the sovereign European cloud with a domain of its own.
    private static func hssEndpoint(of id: String) -> String {
        "https://hss.\(id).myhuaweicloud.\(id == "eu-west-101" ? "eu" : "com")"
    }

    /// The services that have an endpoint of their own in a region.
    struct Services: OptionSet {
        let rawValue: UInt8
        static let hss = Services(rawValue: 1)
        static let iam = Services(rawValue: 2)
        static let sts = Services(rawValue: 4)
    }
}
