extension Operation {
    /// Where a request of this operation carries secrets. Sixteen operations have any.
    package var secretRequestFields: [SecretRequestField] {
        entries(OperationTable.Column.secretRequestFields).map {
            SecretRequestField(
                place: SecretRequestField.Place.allCases[Int(OperationTable.secretRequestPlaces[$0])],
                name: OperationTable.secretNames[Int(OperationTable.secretRequestNames[$0])])
        }
    }

    /// The fields of a JSON answer that are secret: names of nested fields joined by dots, with `[]` after a field
    /// whose elements are meant, for example `data_list[].user_info_list[].pwd_hash`.
    package var secretResponseFields: [String] {
        entries(OperationTable.Column.secretResponseFields).map {
            OperationTable.secretNames[Int(OperationTable.secretResponseNames[$0])]
        }
    }
}
