/// One operation of the HSS API. The catalogue contains all of them.
///
/// The value is only an index into constant tables, so it costs nothing to store, compare or pass on, and
/// ``index`` is dense: arrays of ``count`` entries can be indexed with it.
package struct Operation: Sendable, Hashable {
    /// How many operations there are.
    package static let count = OperationTable.count

    private let number: UInt16

    /// The operation at a position in the order of the names. The caller has the position from ``index``.
    package init(index: Int) {
        precondition(index >= 0 && index < Self.count, "an operation's index is below Operation.count")
        number = UInt16(index)
    }

    /// The operation with exactly this documented name, for example `BatchExportBaselineTask`.
    package init?(named name: some StringProtocol) {
        var low = 0
        var high = Self.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = OperationTable.names[middle]
            if candidate == name {
                self.init(index: middle)
                return
            }
            if candidate < name { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    package var index: Int { Int(number) }
    package var name: String { OperationTable.names[index] }
    /// The documented path, parameters in braces.
    package var template: String { OperationTable.templates[index] }
}

extension Operation: CaseIterable {
    package static var allCases: some RandomAccessCollection<Operation> & Sendable { AllOperations() }
}

extension Operation: CustomStringConvertible {
    package var description: String { name }
}

/// All operations in the order of their names, without an array.
private struct AllOperations: RandomAccessCollection, Sendable {
    var startIndex: Int { 0 }
    var endIndex: Int { Operation.count }
    subscript(position: Int) -> Operation { Operation(index: position) }
}

extension Operation {
    /// The secret fields of a request of this operation. Sixteen operations have any.
    package var secretRequestFields: [SecretRequestField] {
        entries(OperationTable.Column.secretRequestFields).map {
            SecretRequestField(
                place: SecretRequestField.Location.allCases[Int(OperationTable.secretRequestPlaces[$0])],
                name: OperationTable.secretNames[Int(OperationTable.secretRequestNames[$0])])
        }
    }

    /// The fields of a JSON answer that are secret: names of nested fields joined by dots, with `[]` after an
    /// array, for example `data_list[].user_info_list[].pwd_hash`.
    package var secretResponseFields: [String] {
        entries(OperationTable.Column.secretResponseFields).map {
            OperationTable.secretNames[Int(OperationTable.secretResponseNames[$0])]
        }
    }
}

/// What an operation does, for policy and audit. The catalogue decides, never the HTTP method.
package enum OperationKind: String, Sendable, CaseIterable {
    /// Only reads, even if HSS uses POST for it.
    case read
    /// Changes something, even if HSS uses GET for it.
    case write
    /// Exports security data in bulk; all but one create an export task (see ``ExportStep/create``).
    case export
    /// Returns a file.
    case download
}

/// The HTTP methods that HSS operations have.
package enum OperationMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
}
