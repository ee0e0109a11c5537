import ArgumentParser
import Assembly
import Catalogue
import Settings

/// `snippet`: prints a call of an operation through a gateway, for copying.
struct SnippetCommand: ParsableCommand {
    /// The languages that there are snippets in.
    enum Language: String, CaseIterable, ExpressibleByArgument {
        case curl, python, go, java, node
    }

    static let configuration = CommandConfiguration(
        commandName: "snippet", abstract: "Print code that calls an operation through a gateway, ready to be copied.",
        discussion: "The key is read from the environment variable HSSGW_KEY when the snippet runs. Exit codes: 0, 2 unknown operation."
    )

    @Argument(help: "One of \(Language.allCases.map(\.rawValue).joined(separator: ", ")).") var language: Language
    @Argument(
        help: "The operation's documented name, or an export's short one.",
        completion: .custom { _, _, _ in Operation.allCases.map(\.name) + ExportKind.names })
    var operation: String
    @Option(help: ArgumentHelp("The gateway; HSSGW_GATEWAY, then http://127.0.0.1:8080, when left out.", valueName: "url")) var gateway: String?
    @Option(help: ArgumentHelp("The project, by name or id.", valueName: "project")) var project = "_"

    func run() throws {
        let known = Operation.allCases.map(\.name)
        guard let found = Operation(named: operation) ?? ExportKind(operation)?.operation else {
            let hint = DidYouMean(known).hint(for: operation).map { " D\($0.dropFirst())" } ?? ""
            throw Failure(.usage, "There is no operation \(operation).\(hint)")
        }
        let base = gateway ?? ProcessEnvironment.variables[ProcessVariables.gateway] ?? "http://127.0.0.1:8080"
        guard let allowed = Self.isPlain(base + project) ? (base.hasSuffix("/") ? String(base.dropLast()) : base) : nil else {
            throw Failure(.usage, "The gateway or the project holds characters that no URL has.")
        }
        let url = allowed + found.template.replacing("{project_id}", with: project)
        Console.output(Snippet(method: found.method.rawValue, url: url, hasBody: found.requestBody != .none).text(in: language))
    }

    /// Whether a text contains no character with a special meaning in any of the languages.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'`\\${}<>".utf8.contains($0) }
    }
}

/// One call in several languages. Parameters of the path that only the user knows are left in braces.
struct Snippet {
    let method: String
    let url: String
    let hasBody: Bool

    func text(in language: SnippetCommand.Language) -> String {
        switch language {
        case .curl: curl
        case .python: python
        case .go: go
        case .java: java
        case .node: node
        }
    }

    private var curl: String {
        let body = hasBody ? " \\\n  -H 'Content-Type: application/json' -d '{}'" : ""
        return "curl -sS -g -X \(method) '\(url)' \\\n  -H \"X-HSSGW-Key: $HSSGW_KEY\"\(body)"
    }

    private var python: String {
        """
        import os, urllib.request

        request = urllib.request.Request(
            "\(url)", method="\(method)", data=\(hasBody ? "b\"{}\"" : "None"),
            headers={"Content-Type": "application/json"})
        if key := os.environ.get("HSSGW_KEY"):
            request.add_header("X-HSSGW-Key", key)
        with urllib.request.urlopen(request) as answer:
            print(answer.status, answer.headers["Audit-Id"], answer.read().decode())
        """
    }

    private var go: String {
        """
        package main

        import (
        \t"fmt"
        \t"io"
        \t"net/http"
        \t"os"
        \t"strings"
        )

        func main() {
        \trequest, err := http.NewRequest("\(method)", "\(url)", strings.NewReader("\(hasBody ? "{}" : "")"))
        \tif err != nil {
        \t\tpanic(err)
        \t}
        \tif key := os.Getenv("HSSGW_KEY"); key != "" {
        \t\trequest.Header.Set("X-HSSGW-Key", key)
        \t}
        \trequest.Header.Set("Content-Type", "application/json")
        \tanswer, err := http.DefaultClient.Do(request)
        \tif err != nil {
        \t\tpanic(err)
        \t}
        \tdefer answer.Body.Close()
        \tbody, _ := io.ReadAll(answer.Body)
        \tfmt.Println(answer.Status, answer.Header.Get("Audit-Id"), string(body))
        }
        """
    }

    private var java: String {
        """
        import java.net.URI;
        import java.net.http.HttpClient;
        import java.net.http.HttpRequest;
        import java.net.http.HttpResponse;

        class Call { public static void main(String[] args) throws Exception {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("\(url)"))
                    .method("\(method)", HttpRequest.BodyPublishers.\(hasBody ? "ofString(\"{}\")" : "noBody()"))
                    .header("Content-Type", "application/json");
                String key = System.getenv("HSSGW_KEY");
                if (key != null) request.header("X-HSSGW-Key", key);
                HttpResponse<String> answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
                System.out.println(answer.statusCode() + " " + answer.headers().firstValue("Audit-Id").orElse("") + " " + answer.body());
        } }
        """
    }

    private var node: String {
        """
        const key = process.env.HSSGW_KEY;
        const answer = await fetch("\(url)", {
          method: "\(method)",
          headers: { "Content-Type": "application/json", ...(key && { "X-HSSGW-Key": key }) },\(hasBody ? "\n  body: \"{}\"," : "")
        });
        console.log(answer.status, answer.headers.get("Audit-Id"), await answer.text());
        """
    }
}
