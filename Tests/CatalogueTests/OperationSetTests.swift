import Catalogue
import Testing

@Suite struct OperationSetTests {
    @Test(arguments: [[0], [63], [64], [0, 63, 64], [Operation.count - 1], Array(0..<Operation.count), []])
    func `holds what was put in and nothing else`(indices: [Int]) {
        let set = OperationSet(indices.map { Operation(index: $0) })
        #expect(Operation.allCases.filter(set.contains).map(\.index) == indices)
    }

    @Test func `is the same whatever the order of what was put in`() {
        let operations = [3, 200, 64].map { Operation(index: $0) }
        #expect(OperationSet(operations) == OperationSet(operations.reversed() + operations))
        #expect(OperationSet(operations) != OperationSet(operations.dropLast()))
        #expect(OperationSet() == OperationSet([]))
    }
}
