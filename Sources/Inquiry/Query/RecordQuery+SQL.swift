import Audit

extension RecordQuery {
    /// The conditions on members with few distinct values, joined by `AND`; an empty text when the query sets none of
    /// them.
    func facetConditions(_ columns: RecordColumns = RecordColumns(), in sql: inout SQLFragment, isFirst: inout Bool) {
        for filter in RecordFilter.common { condition(filter, columns, in: &sql, isFirst: &isFirst) }
    }

    /// The condition of a filter, if it is set: one of its members' columns has its text.
    private func condition(_ filter: RecordFilter, _ columns: RecordColumns, in sql: inout SQLFragment, isFirst: inout Bool) {
        guard let text = text(of: filter) else { return }
        let fields = filter.fields
        sql.append(isFirst ? "" : " AND ")
        sql.append(fields.count > 1 ? "(" : "")
        for (position, field) in fields.enumerated() {
            sql.append((position == 0 ? "" : " OR ") + columns[field] + " = ")
            sql.append(.text(text))
        }
        sql.append(fields.count > 1 ? ")" : "")
        isFirst = false
    }

    /// The whole query as one `SELECT` on a table with one row for each record of many gateways: ordered by time, gateway and number, one row
    /// more than the page has, so that the reader knows whether there is a next page.
    ///
    /// - Parameter selected: the text between `SELECT` and `FROM`.
    package func selection(
        _ selected: String, from table: String, columns: RecordColumns = RecordColumns(), dialect: SQLFragment.Dialect = .postgresql
    ) -> SQLFragment {
        var sql = SQLFragment("SELECT \(selected) FROM \(table)", dialect: dialect)
        var conditions = SQLFragment(dialect: dialect)
        var isFirst = true
        self.conditions(columns, in: &conditions, isFirst: &isFirst)
        if !isFirst {
            sql.append(" WHERE ")
            sql = SQLFragment.joining(sql, conditions)
        }
        let direction = order == .newest ? "DESC" : "ASC"
        sql.append(" ORDER BY \(columns[.time]) \(direction), \(columns[.instance]) \(direction), \(columns[.sequence]) \(direction) LIMIT ")
        sql.append(.integer(Int64(limit) + 1))
        return sql
    }

    /// All conditions of the query, including the cursor's.
    private func conditions(_ columns: RecordColumns, in sql: inout SQLFragment, isFirst: inout Bool) {
        facetConditions(columns, in: &sql, isFirst: &isFirst)
        condition(.instance, columns, in: &sql, isFirst: &isFirst)
        if let since { sql.condition(columns[.time], ">=", .integer(since.microseconds), isFirst: &isFirst) }
        if let until { sql.condition(columns[.time], "<", .integer(until.microseconds), isFirst: &isFirst) }
        if digest != nil { sql.condition(columns[.kind], "=", .text(Record.Kind.download.rawValue), isFirst: &isFirst) }
        for filter in RecordFilter.single { condition(filter, columns, in: &sql, isFirst: &isFirst) }
        guard let cursor else { return }
        let comparison = order == .newest ? "<" : ">"
        guard let fleet = cursor.fleet else {
            return sql.condition(columns[.sequence], comparison, .integer(Int64(clamping: cursor.sequence)), isFirst: &isFirst)
        }
        sql.append(isFirst ? "" : " AND ")
        sql.append("(\(columns[.time]), \(columns[.instance]), \(columns[.sequence])) \(comparison) (")
        sql.append(.integer(fleet.microseconds))
        sql.append(", ")
        sql.append(.text(fleet.instance))
        sql.append(", ")
        sql.append(.integer(Int64(clamping: cursor.sequence)))
        sql.append(")")
        isFirst = false
    }
}

extension SQLFragment {
    /// Appends a fragment. Only the second may have values, since placeholders have their number.
    fileprivate static func joining(_ first: SQLFragment, _ second: SQLFragment) -> SQLFragment {
        precondition(first.arguments.isEmpty, "the values of the second part are numbered from 1")
        var joined = second
        joined.prepend(first.text)
        return joined
    }
}
