import NIOHTTP1
import Testing

@testable import Administration

@Suite struct AdminAccessTests {
    private static let auditor = AdminAccess.Token(name: "revision", role: .auditor) { $0 == "reads" }
    private static let operatorToken = AdminAccess.Token(name: "night", role: .operator) { $0 == "right" }
    private static let access = AdminAccess(tokens: [auditor, operatorToken], asksForCertificates: false)

    @Test(arguments: ["Bearer right", "bearer right", "BEARER right"])
    func `admits the bearer of the token`(authorization: String) {
        #expect(Self.access.visitor(authorization: authorization, certificate: nil) == AdminVisitor(name: "night", role: .operator))
    }

    @Test(
        arguments: [
            nil, "", "right", "Bearer", "Bearer ", "Bearer wrong", "Bearer right ", "Basic right", "Bearerright", "Bearer right, Bearer reads",
        ] as [String?])
    func `admits nobody else`(authorization: String?) {
        #expect(Self.access.visitor(authorization: authorization, certificate: nil) == nil)
    }

    @Test func `asks for a certificate and a token where both are configured`() {
        let both = AdminAccess(tokens: [Self.auditor], asksForCertificates: true)
        #expect(both.visitor(authorization: "Bearer reads", certificate: nil) == nil)
        #expect(both.visitor(authorization: nil, certificate: "ops.corp.test") == nil)
        #expect(both.visitor(authorization: "Bearer reads", certificate: "ops.corp.test") == AdminVisitor(name: "revision", role: .auditor))
        let certificate = AdminAccess(tokens: [], asksForCertificates: true)
        #expect(certificate.visitor(authorization: nil, certificate: "ops.corp.test") == AdminVisitor(name: "ops.corp.test", role: .operator))
        #expect(certificate.visitor(authorization: "Bearer reads", certificate: nil) == nil && !certificate.isOpen)
    }

    @Test func `gives an auditor nothing that the table doesn't name`() {
        let need = AdminRights.need(.POST, route: "/something/new")
        #expect(!AdminVisitor(name: "a", role: .auditor).may(need) && AdminVisitor(name: "o", role: .operator).may(need))
        #expect(AdminRights.need(.GET, route: nil) == .anyRole)
    }
}
