extension Operation {
    package var method: OperationMethod { Self.methods[column(OperationTable.Column.method)] }
    package var kind: OperationKind { Self.kinds[column(OperationTable.Column.kind)] }
    /// Whether the path contains a project. Seven operations on accounts have none: the caller's first project is
    /// used.
    package var hasProject: Bool { column(OperationTable.Column.hasProject) == 1 }
    /// Whether the query takes `enterprise_project_id`.
    package var takesEnterpriseProject: Bool { column(OperationTable.Column.takesEnterpriseProject) == 1 }
    /// Whether the operation has the header `region`.
    package var takesRegion: Bool { column(OperationTable.Column.takesRegion) == 1 }
    package var requestBody: RequestBodyKind { Self.requestBodies[column(OperationTable.Column.requestBody)] }
    /// The operation's part in an export, if it has one.
    package var exportStep: ExportStep? { Self.exportSteps[column(OperationTable.Column.exportStep)] }

    private static let methods = OperationMethod.allCases
    private static let kinds = OperationKind.allCases
    private static let requestBodies = RequestBodyKind.allCases
    private static let exportSteps: [ExportStep?] = [nil] + ExportStep.allCases

    private func column(_ column: Int) -> Int {
        Int(OperationTable.rows[index * OperationTable.Column.count + column])
    }

    /// The range of the operation's entries in one of the tables that store them consecutively.
    func entries(_ column: Int) -> Range<Int> {
        let row = index * OperationTable.Column.count + column
        return Int(OperationTable.rows[row])..<Int(OperationTable.rows[row + OperationTable.Column.count])
    }
}
