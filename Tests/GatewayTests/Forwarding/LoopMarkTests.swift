import Testing

@testable import Gateway

@Suite struct LoopMarkTests {
    @Test func `is found wherever it stands in what a client calls itself`() {
        let mark = LoopMark()
        for agent in [mark.text, "hss-gateway/1.0.0 (\(mark.text))", "proxy/2 \(mark.text)", "\(mark.text) 审计"] {
            #expect(mark.stands(in: agent))
        }
    }

    @Test func `is not found in other clients, in parts of it, or in another gateway`() {
        let mark = LoopMark()
        for agent in ["", "curl/7.88.1", String(mark.text.dropLast()), String(mark.text.dropFirst()), "hss-gateway/1.0.0 (\(LoopMark().text))"] {
            #expect(!mark.stands(in: agent))
        }
    }
}
