/// Prints the project files of Gradle.
enum KotlinManifest {
    /// The version of Kotlin that builds the client: clients use nothing newer than its language and library.
    private static let kotlinVersion = "2.2.21"

    /// The coordinates by which another project depends on the client.
    static func coordinates(_ model: ClientModel, _ symbols: JavaSymbols, _ options: SDKOptions) -> String {
        [group(symbols), JavaLanguage.token(options.packageName, "api"), version(model)].joined(separator: ":")
    }

    private static func group(_ symbols: JavaSymbols) -> String {
        symbols.package.split(separator: ".").dropLast().joined(separator: ".")
    }

    private static func version(_ model: ClientModel) -> String { JavaLanguage.token(model.version, "1.0") }

    /// `settings.gradle.kts` and `build.gradle.kts`
    static func files(_ model: ClientModel, _ symbols: JavaSymbols, _ options: SDKOptions) -> [GeneratedFile] {
        var settings = Script(header: JavaPrinter.header(model))
        settings.assign("rootProject.name", .string(JavaLanguage.token(options.packageName, "api")))

        var build = Script(header: JavaPrinter.header(model))
        build.block("plugins") { script in
            script.line("kotlin(\"jvm\") version \(KotlinLiteral.string(kotlinVersion))")
            script.line("`java-library`")
            script.line("`maven-publish`")
        }
        build.line()
        build.assign("group", .string(group(symbols)))
        build.assign("version", .string(version(model)))
        build.line()
        build.block("repositories") { $0.line("mavenCentral()") }
        build.line()
        build.block("kotlin") { script in
            script.line("explicitApi()")
            script.block("compilerOptions") { script in
                script.line("jvmTarget.set(org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11)")
            }
        }
        build.line()
        build.block("tasks.withType<JavaCompile>") { script in
            script.line("options.release.set(11)")
            script.assign("options.encoding", .string("UTF-8"))
        }
        build.line()
        build.block("publishing") { script in
            script.block("publications") { script in
                script.block("create<MavenPublication>(\"client\")") { $0.line("from(components[\"java\"])") }
            }
        }
        return [
            GeneratedFile(path: "settings.gradle.kts", text: settings.text),
            GeneratedFile(path: "build.gradle.kts", text: build.text),
        ]
    }
}

/// Prints scripts of Gradle.
private struct Script {
    private var code = CodePrinter()

    init(header: String) {
        code.line(header)
    }

    var text: String { code.text }

    mutating func line(_ line: String = "") { code.line(line) }

    mutating func assign(_ name: String, _ value: KotlinExpression) { code.line("\(name) = \(value.text)") }

    mutating func block(_ head: String, _ body: (inout Script) -> Void) {
        var inner = self
        inner.code = CodePrinter()
        body(&inner)
        code.line(head + " {")
        code.indented { code in
            code.lines(inner.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
        }
        code.line("}")
    }
}
