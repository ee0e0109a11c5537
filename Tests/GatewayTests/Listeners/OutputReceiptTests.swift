import Testing

@testable import Gateway

@Suite struct OutputReceiptTests {
    @Test func `an answer that left in one piece is not asked for when the next request comes`() {
        var receipt = OutputReceipt()
        receipt.begin()
        receipt.hand(300, endsAnswer: true)
        #expect(!receipt.isUnderWay)
    }

    @Test func `an answer is under way from its first piece to its last`() {
        var receipt = OutputReceipt()
        receipt.begin()
        receipt.hand(0, endsAnswer: false)
        #expect(!receipt.isUnderWay)
        receipt.hand(200, endsAnswer: false)
        #expect(receipt.isUnderWay)
        receipt.hand(100, endsAnswer: true)
        #expect(!receipt.isUnderWay)
    }

    @Test func `what is known to have arrived never gets less`() {
        var receipt = OutputReceipt()
        receipt.begin()
        receipt.hand(1_000, endsAnswer: false)
        receipt.look(400)
        #expect(receipt.missing == 400)
        receipt.hand(500, endsAnswer: false)
        receipt.look(950)
        #expect(receipt.missing == 900)
        // The socket is closed, and can't be queried any more.
        receipt.look(nil)
        #expect(receipt.missing == 900)
    }
}
