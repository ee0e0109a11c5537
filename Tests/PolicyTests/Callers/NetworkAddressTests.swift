import Testing

@testable import Policy

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        ("1.2.3.4", "::ffff:1.2.3.4"), ("1.2.3.4", "::FFFF:102:304"), ("::1", "0:0:0:0:0:0:0:1"), ("fe80::a", "FE80:0::000a"),
    ])
    func `is the same address in every spelling`(left: String, right: String) throws {
        #expect(try #require(NetworkAddress(left)) == #require(NetworkAddress(right)))
    }

    @Test(arguments: [("1.2.3.4", "::1.2.3.4"), ("0.0.0.1", "::1"), ("0.0.0.0", "::"), ("1.2.3.4", "4.3.2.1")])
    func `tells apart what merely looks alike`(left: String, right: String) throws {
        #expect(try #require(NetworkAddress(left)) != #require(NetworkAddress(right)))
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4:80", "[::1]", "::1%lo", ":::", "1::2::3", "g::", "gw",
        "1.2.3.4 ",
    ])
    func `refuses what is no address`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
