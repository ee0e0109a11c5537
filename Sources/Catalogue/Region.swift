/// A region of Huawei Cloud and the endpoints of its services.
///
/// The table follows the official SDKs (Python 3.1.219) with one exception: an identity service always belongs to the same cloud as the
/// region. The SDKs fall back to the public cloud's global hosts for every region, even for one whose accounts are in another cloud.
package struct Region: Sendable, Hashable {
    /// The identifier, for example `cn-north-4`; also the name of the region's own project in IAM.
    package let id: String
    /// The endpoint of HSS; nil in the one region that has IAM but no HSS.
    package let hss: String?
    /// The endpoint of IAM: the region's own, or the global one of its cloud. Nil if none is known for the region's cloud.
    package let iam: String?
    /// The endpoint of STS: the region's own, or the default one of its cloud. Nil if none is known for the region's cloud.
    package let sts: String?

    /// Serves all regions of the public cloud, and no others.
    package static let globalIAM = "https://iam.myhuaweicloud.com"
    /// Serves the regions of the public cloud that have no endpoint of their own, and no others.
    package static let defaultSTS = "https://sts.cn-north-4.myhuaweicloud.com"

    /// The region with exactly this identifier.
    package init?(id: some StringProtocol) {
        guard let region = Self.all.first(where: { $0.id == id }) else { return nil }
        self = region
    }

    /// A region of the public cloud: one account system for the global and the regional hosts.
    init(_ id: String, _ services: Services) {
        self.id = id
        hss = services.contains(.hss) ? "https://hss.\(id).myhuaweicloud.com" : nil
        iam = services.contains(.iam) ? "https://iam.\(id).myhuaweicloud.com" : Self.globalIAM
        sts = services.contains(.sts) ? "https://sts.\(id).myhuaweicloud.com" : Self.defaultSTS
    }

    /// A region of a cloud with accounts and a domain of its own.
    init(_ id: String, _ services: Services, domain: String) {
        self.id = id
        hss = services.contains(.hss) ? "https://hss.\(id).\(domain)" : nil
        iam = services.contains(.iam) ? "https://iam.\(id).\(domain)" : nil
        sts = services.contains(.sts) ? "https://sts.\(id).\(domain)" : nil
    }

    /// The services that have an endpoint of their own in a region.
    struct Services: OptionSet {
        let rawValue: UInt8
        static let hss = Services(rawValue: 1)
        static let iam = Services(rawValue: 2)
        static let sts = Services(rawValue: 4)
    }
}
