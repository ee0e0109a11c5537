import Catalogue
import Testing

@Suite struct RegionTests {
    @Test func `has the regions of the official SDKs`() {
        #expect(Region.all.count { $0.hss != nil } == 32)
        // Those of the SDKs' map, and eu-west-101, which is in the table of their IAM clients.
        #expect(Region.all.count { $0.iam != Region.globalIAM } == 27 + 1)
        // That of cn-north-4 is also the default of the others.
        #expect(Region.all.count { $0.sts != nil && $0.sts != Region.defaultSTS } == 12 - 1)
        #expect(Region.all.map(\.id) == Region.all.map(\.id).sorted())
        #expect(Set(Region.all.map(\.id)).count == 33)
    }

    @Test(arguments: [
        (
            "cn-north-4", "https://hss.cn-north-4.myhuaweicloud.com" as String?, "https://iam.cn-north-4.myhuaweicloud.com" as String?,
            "https://sts.cn-north-4.myhuaweicloud.com" as String?
        ),
        (
            "eu-west-101", "https://hss.eu-west-101.myhuaweicloud.eu", "https://iam.eu-west-101.myhuaweicloud.eu", nil
        ),
        (
            "cn-north-11", "https://hss.cn-north-11.myhuaweicloud.com", "https://iam.myhuaweicloud.com",
            "https://sts.cn-north-4.myhuaweicloud.com"
        ),
        ("eu-west-0", nil, "https://iam.eu-west-0.myhuaweicloud.com", "https://sts.cn-north-4.myhuaweicloud.com"),
        (
            "tr-west-1", "https://hss.tr-west-1.myhuaweicloud.com", "https://iam.tr-west-1.myhuaweicloud.com",
            "https://sts.tr-west-1.myhuaweicloud.com"
        ),
    ])
    func `knows the endpoints of a region`(id: String, hss: String?, iam: String?, sts: String?) throws {
        let region = try #require(Region(id: id))
        #expect(region.hss == hss)
        #expect(region.iam == iam)
        #expect(region.sts == sts)
    }

    @Test(arguments: ["cn-north-3", "CN-NORTH-4", "", "cn-north-4 "])
    func `knows no other region`(id: String) { #expect(Region(id: id) == nil) }
}
