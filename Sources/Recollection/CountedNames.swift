/// Texts that many entries have in common, each kept once, as long as something uses it.
struct CountedNames: Sendable {
    typealias Number = Int32
    static let none: Number = -1

    private var numbers: [String: Number] = [:]
    private var names: [(text: String, uses: Int)] = []
    private var free: [Number] = []

    subscript(number: Number) -> String { names[Int(number)].text }

    func number(of text: String) -> Number? { numbers[text] }

    /// The number of a text, which is kept until `release` was called as often.
    mutating func use(_ text: String) -> Number {
        if let number = numbers[text] {
            names[Int(number)].uses += 1
            return number
        }
        let number = free.popLast() ?? Number(names.count)
        if Int(number) == names.count { names.append((text, 1)) } else { names[Int(number)] = (text, 1) }
        numbers[text] = number
        return number
    }

    mutating func release(_ number: Number) {
        names[Int(number)].uses -= 1
        guard names[Int(number)].uses == 0 else { return }
        numbers[names[Int(number)].text] = nil
        names[Int(number)].text = ""
        free.append(number)
    }
}
