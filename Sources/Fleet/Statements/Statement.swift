import PostgreSQL

/// One call of one of the fleet's functions: a statement, a transaction, a round trip. It may be repeated after a lost connection, since every
/// function recognises an earlier attempt.
package struct Statement<Answer: Sendable>: Sendable {
    /// The function's name, for metrics.
    package let name: String
    let arguments: [Argument]
    /// The columns of its result; the server's clock is added after them.
    let columns: String
    let decode: @Sendable ([Row]) throws(FleetFault) -> Answer

    init(_ name: String, _ arguments: [Argument], columns: String = "q.*", decode: @escaping @Sendable ([Row]) throws(FleetFault) -> Answer) {
        self.name = name
        self.arguments = arguments
        self.columns = columns
        self.decode = decode
    }

    func sql(in schema: String) -> String {
        let places = arguments.indices.map { "$\($0 + 1)::\(arguments[$0].type)" }.joined(separator: ", ")
        return "SELECT \(columns), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM \(schema).\(name)(\(places)) q"
    }
}

/// A value and its type in SQL.
struct Argument: Sendable {
    let type: String
    let text: String?

    static func text(_ value: String?) -> Argument { Argument(type: "text", text: value) }
    static func number(_ value: Int64?) -> Argument { Argument(type: "bigint", text: value.map { String($0) }) }
    static func count(_ value: Int?) -> Argument { Argument(type: "integer", text: value.map { String($0) }) }
    static func flag(_ value: Bool) -> Argument { Argument(type: "boolean", text: value ? "t" : "f") }
    static func bytes(_ value: [UInt8]?) -> Argument { Argument(type: "bytea", text: value?.bytea) }
    static func id(_ value: String) -> Argument { Argument(type: "uuid", text: value) }
    static func json(_ value: String) -> Argument { Argument(type: "jsonb", text: value) }
    static func list(_ type: String, _ values: [String]) -> Argument {
        let quoted = values.map { "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
        return Argument(type: type + "[]", text: "{" + quoted.joined(separator: ",") + "}")
    }
}

extension [Row] {
    /// The single row of a function that doesn't return a set.
    func one() throws(FleetFault) -> Row {
        guard let row = first else { throw .refused("the server's answer has no row: the schema is not the one that this version knows") }
        return row
    }
}
