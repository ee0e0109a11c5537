/// Every environment variable that can set something, given the items that the tree has.
struct VariableTable {
    /// The prefix of all variables of the gateway.
    static let prefix = "HSSGW_"

    /// What a variable sets.
    struct Target: Sendable {
        let path: SettingPath
        let shape: SchemaKey.Shape
    }

    private(set) var targets: [String: [Target]] = [:]

    /// - Parameter regions: names that may be keys of tables, in addition to those in the tree.
    init(_ tree: LocatedNode, regions: Set<String>) {
        add(Schema.root, Context(variable: Self.prefix, path: .root, node: tree), regions)
    }

    /// The position in the schema.
    private struct Context {
        let variable: String
        let path: SettingPath
        let node: LocatedNode?

        func step(_ name: String, _ path: SettingPath, _ node: LocatedNode?) -> Context {
            Context(variable: variable + name + "_", path: path, node: node)
        }
    }

    private mutating func add(_ keys: [SchemaKey], _ context: Context, _ regions: Set<String>) {
        for key in keys {
            let name = NameGrammar.variableForm(key.name)
            let path = context.path.key(key.name)
            let below = context.step(name, path, context.node?[key.name])
            switch key.shape {
            case .value, .secret, .list, .wordsOrItems: add(context.variable + name, path, key.shape)
            case .section(let children): add(children, below, regions)
            case .wordOrSection(let children):
                add(context.variable + name, path, .value)
                add(children, below, regions)
            case .namedItems(let children): addItems(children, below, regions)
            case .table(let children):
                let names = regions.union(below.node?.entries?.map(\.key) ?? [])
                for name in names.sorted() {
                    add(children, below.step(NameGrammar.variableForm(name), path.key(name), below.node?[name]), regions)
                }
            case .items, .freeMapping: break
            }
        }
    }

    private mutating func addItems(_ keys: [SchemaKey], _ context: Context, _ regions: Set<String>) {
        for (index, element) in (context.node?.elements ?? []).enumerated() {
            guard let name = element["name"]?.scalar?.text else { continue }
            let below = context.step(NameGrammar.variableForm(name), context.path.index(index), element)
            // An item is addressed by its name, so its name can't be set that way.
            add(keys.filter { $0.name != "name" }, below, regions)
        }
    }

    private mutating func add(_ variable: String, _ path: SettingPath, _ shape: SchemaKey.Shape) {
        targets[variable, default: []].append(Target(path: path, shape: shape))
    }
}
