import Testing

@testable import Administration

@Suite struct AdminTokenTests {
    private static let token = AdminToken { $0 == "right" }

    @Test(arguments: ["Bearer right", "bearer right", "BEARER right"])
    func `admits the bearer of the token`(authorization: String) {
        #expect(Self.token.admits(authorization))
    }

    @Test(arguments: [nil, "", "right", "Bearer", "Bearer ", "Bearer wrong", "Bearer right ", "Basic right", "Bearerright"] as [String?])
    func `admits nobody else`(authorization: String?) {
        #expect(!Self.token.admits(authorization))
    }
}
