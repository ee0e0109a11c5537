import Audit

extension RecordQuery {
    /// The conditions on what records have in common with thousands of others, joined by `AND`; an empty text when the query sets none of
    /// them.
    func facetConditions(_ columns: RecordColumns = RecordColumns(), in sql: inout SQLFragment, isFirst: inout Bool) {
        if let phase { sql.condition(columns.phase, "=", .text(phase.rawValue), isFirst: &isFirst) }
        if let caller { sql.condition(columns.caller, "=", .text(caller), isFirst: &isFirst) }
        if let operation { sql.condition(columns.operation, "=", .text(operation), isFirst: &isFirst) }
        if let kind { sql.condition(columns.kind, "=", .text(kind.rawValue), isFirst: &isFirst) }
        if let outcome { sql.condition(columns.outcome, "=", .text(outcome.rawValue), isFirst: &isFirst) }
        if let project {
            sql.append(isFirst ? "(\(columns.projectName) = " : " AND (\(columns.projectName) = ")
            sql.append(.text(project))
            sql.append(" OR \(columns.projectID) = ")
            sql.append(.text(project))
            sql.append(")")
            isFirst = false
        }
    }

    /// The whole query as one `SELECT` on a table with one row for each record of many gateways: ordered by time, gateway and number, one row
    /// more than the page has, so that whoever reads it knows whether there is a next page.
    ///
    /// - Parameter selected: what stands between `SELECT` and `FROM`.
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
        sql.append(" ORDER BY \(columns.time) \(direction), \(columns.instance) \(direction), \(columns.sequence) \(direction) LIMIT ")
        sql.append(.integer(Int64(limit) + 1))
        return sql
    }

    /// Every condition of the query, the cursor's among them.
    private func conditions(_ columns: RecordColumns, in sql: inout SQLFragment, isFirst: inout Bool) {
        facetConditions(columns, in: &sql, isFirst: &isFirst)
        if let instance { sql.condition(columns.instance, "=", .text(instance), isFirst: &isFirst) }
        if let since { sql.condition(columns.time, ">=", .integer(since.microseconds), isFirst: &isFirst) }
        if let until { sql.condition(columns.time, "<", .integer(until.microseconds), isFirst: &isFirst) }
        if let task { sql.condition(columns.taskID, "=", .text(task), isFirst: &isFirst) }
        if let file { sql.condition(columns.fileID, "=", .text(file), isFirst: &isFirst) }
        if let digest {
            sql.condition(columns.kind, "=", .text(Record.Kind.download.rawValue), isFirst: &isFirst)
            sql.condition(columns.responseSHA256, "=", .text(digest), isFirst: &isFirst)
        }
        if let requestID {
            sql.append(isFirst ? "" : " AND ")
            for (position, column) in [columns.requestID, columns.upstreamRequestID, columns.id].enumerated() {
                sql.append(position == 0 ? "(\(column) = " : " OR \(column) = ")
                sql.append(.text(requestID))
            }
            sql.append(")")
            isFirst = false
        }
        guard let cursor else { return }
        let comparison = order == .newest ? "<" : ">"
        guard let fleet = cursor.fleet else {
            return sql.condition(columns.sequence, comparison, .integer(Int64(clamping: cursor.sequence)), isFirst: &isFirst)
        }
        sql.append(isFirst ? "" : " AND ")
        sql.append("(\(columns.time), \(columns.instance), \(columns.sequence)) \(comparison) (")
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
    /// One behind the other; only the second may have values, since placeholders carry their number.
    fileprivate static func joining(_ first: SQLFragment, _ second: SQLFragment) -> SQLFragment {
        precondition(first.arguments.isEmpty, "the values of the second part are numbered from 1")
        var joined = second
        joined.prepend(first.text)
        return joined
    }
}
