/// Escapes, white space, references and interpolation, with the output of Apache Velocity 1.7 on Java 17,
/// as `scripts/velocity-oracle` runs it: macros and `#evaluate` off, undefined references answered with the empty
/// string. `nil` where it refuses the template or fails.
enum TemplateVelocitySyntaxCases {
    static let escapes: [(template: String, output: String?)] = [
        ("$u.f()]]# ", "]]# "),
        ("é\\- ", "é\\- "),
        ("#set($d=\"D\")\\$d..x#{ ", "$d..x#{ "),
        ("#set($d=\"D\")\\!$d} ", "\\!D} "),
        ("#set($m={\"k\":\"v\"})$1\\$m[\"k\"] ", "$1$m[\"k\"] "),
        ("\\\\\\1", "\\\\\\1"),
        ("#set($d=\"D\")#set($m={\"k\":\"v\"})\\$m.k$d..x ", "$m.kD..x "),
        ("#set($d=\"D\")$!d$- ", "D$- "),
        ("#set($d=\"D\")#{\\$d ", "#{$d "),
        ("#break  ", ""),
        ("}#{ ", "}#{ "),
        ("#set($d=\"D\")\\\\\\$d.length()", "\\$d.length()"),
        ("'\\$. ", "'\\$. "),
        ("${u}\\#{end} ", "#{end} "),
        ("#set($m={\"k\":\"v\"})$m.get(\"\\\\\\$.\")", ""),
        ("#set($d=\"D\")$d..x\\{ ", "D..x\\{ "),
        ("\\\\'\n", "\\\\'\n"),
        ("#set($d=\"D\")!\\$d ", "!$d "),
        ("#set($m={\"k\":\"v\"})\\]$m[\"k\"] ", "\\]v "),
        ("a( ", "a( "),
        ("#set($d=\"D\") $d) ", " D) "),
        ("#set($d=\"D\")\\\\} $d", "\\\\} D"),
        ("##  ", ""),
        ("$!u\\## ", "\\"),
        ("#set($m={\"k\":\"v\"})$m[\"k\"]\\\n ", "v\\\n "),
        ("#set($s='\\${')[$s]", "[\\${]"),
        ("*#\\*# ", "*#\\*# "),
        ("#evaluate(\"x\")\\#end ", "#evaluate(\"x\")#end "),
        ("#set($d=\"D\")\\$d} ", "$d} "),
        ("\\!${ ", "\\!${ "),
        ("#set($m={\"k\":\"v\"})$m[\"k\"]\\#macro(x) ", "v#macro(x) "),
        ("'\\${u} ", "'${u} "),
        ("\\#if(true)$  ", "#if(true)$  "),
        ("#set($d=\"D\")${\\${d} ", "${${d} "),
        ("#set($m={\"k\":\"v\"})'$m[\"k\"] ", "'v "),
        ("\\$$${ ", "\\$$${ "),
        ("\\$-$ ", "\\$-$ "),
        ("\\_. ", "\\_. "),
        ("#set($m={\"k\":\"v\"})$m[\"\\-\"].", "."),
        ("#set($d=\"D\")\\$!d", "$!d"),
        ("\\#foo()$!{u} ", "\\#foo() "),
        ("##.\n.", "."),
        ("\t#{ ", "\t#{ "),
        ("#set($m={\"k\":\"v\"})#*\\$m[\"k\"]*#.", "."),
        ("\\.$u ", "\\. "),
        ("#foreach($i in [1,2])#break#end.", "."),
        ("#set($d=\"D\")\\#foo($d)$ ", "\\#foo(D)$ "),
        ("#set$!{ ", "#set$!{ "),
        ("#set($m={\"k\":\"v\"})\\$m.k\n", "$m.k\n"),
        ("#set($d=\"D\")#set($l=[1,2])$l[0]$!d ", "1D "),
        ("\\#macro(x)a ", "#macro(x)a "),
        ("#set\\#{ ", "#set\\#{ "),
        ("\\#evaluate(\"x\")x", "\\#evaluate(\"x\")x"),
        ("\\$d..x\n", "$d..x\n"),
        ("#set($d=\"D\")$d..x\\#* ", "D..x\\"),
        ("*#$u.f() ", "*# "),
        ("#set($d=\"D\")\\\\\\$d.", "\\$d."),
        ("#set($d=\"D\")\\\\, $d", "\\\\, D"),
        ("${u}\\#foo() ", "\\#foo() "),
        ("#set($d=\"D\")$d.concat(\"\\\\\\$\")", "D\\\\\\$"),
        ("#set($d=\"D\")\\$d}#! ", "$d}#! "),
        ("#set($s=\"\\\\\\$1\")[$s]", "[\\\\\\$1]"),
        ("#set($d=\"D\")\\$d#! ", "$d#! "),
        ("#break", ""),
        ("##@x ", ""),
        ("\\#set($z=1)$[ ", "#set(=1)$[ "),
        ("#set($d=\"D\")$d.concat(\"\\\\\\ \")", "D\\\\\\ "),
        ("$[- ", "$[- "),
        ("#set($d=\"D\")$d}, ", "D}, "),
        ("#set($d=\"D\")x\\$d..x", "x$d..x"),
        ("\\\\$u\n", "\\\n"),
        ("#set($d=\"D\")#evaluate(\"x\")\\$d ", "#evaluate(\"x\")$d "),
        ("#set($d=\"D\")*#\\#foo($d) ", "*\\#foo(D) "),
        ("#set($l=[1,2])\\$l[0]#if(true)q#end", "$l[0]q"),
        ("#set($d=\"D\")\\\\\n$d", "\\\\\nD"),
        ("#set($d=\"D\")\\#foo($d)$u ", "\\#foo(D) "),
        ("\\#!$. ", "\\#!$. "),
        ("#if(true)!#end.", "!."),
        ("(\\$  ", "(\\$  "),
        ("#set($d=\"D\")$d.concat(\"\\\\\\'\")", "D\\\\\\'"),
        ("\\${u}. ", "${u}. "),
        ("\\( ", "\\( "),
        ("#if(true)y#end. ", "y. "),
        ("#include(\"x\")#{end} ", nil),
        ("\\$!{u}#if ", nil),
        ("\\#set#foreach ", nil),
        ("#if $d", nil),
        ("#define($q)\\- ", nil),
        ("#else$!{u} ", nil),
        ("#foreach\\#else ", nil),
        ("\\$[#include(\"x\") ", nil),
        (" #end ", nil),
        ("#set($d=\"D\")\\#if(true)y#end$d ", nil),
        ("#set($d=\"D\")\\$d[$d} ", nil),
        ("\\$#if(true) ", nil),
        ("#else#{ ", nil),
        ("\\,#[[ ", nil),
        ("#set($s=\"x\\\\\\#include(\"x\")y\")[$s]", nil),
        ("\n\\#if(true)y#end ", nil),
        ("#if\\. ", nil),
        ("#{end}\\- ", nil),
        ("\\)#define($q) ", nil),
        ("#set($d=\"D\")\\$$$d[ ", nil),
        ("#define($q)]]##end$q.", nil),
        ("#set($d=\"D\")$d[\\- ", nil),
        ("#set($d=\"D\")#else\\$d..x ", nil),
        ("#define($q)\\\\#define($q)#end$q.", nil),
        ("#set($d=\"D\")\\ $d[ ", nil),
        ("#define($q)\\#{ ", nil),
        ("#{end}. ", nil),
    ]

    static let space: [(template: String, output: String?)] = [
        ("A\n#macro(f)x\n\n#end\n\nB", "A\n\nB"),
        ("\r\n\\#set($x=1)", "\r\n#set(=1)"),
        ("A#if(true)x \n#elseif(true)y#end B", "Ax \n B"),
        ("A\r$x\n\n$x\n\nB", "A\r\n\n\n\nB"),
        ("A\n\n#macro(f)\n\nx \n#end\n\nB", "A\n\n\nB"),
        ("A\n#if (true) \nx #{end} \nB", "A\nx B"),
        ("A\t\n\t#define($q)\n\nx\n#end$qB", "A\t\n\t"),
        ("A#if(false)x \r\n #elseif(false) \r\n y#end B", "A B"),
        ("A \n#if(true)\n x\n#end\nB", "A \n x\nB"),
        ("A #foo(\n\n1) B", "A #foo(\n\n1) B"),
        ("A\t$!x \n$!x \nB", "A\t \n \nB"),
        ("A\t\n\t#if(false) \nx\n#end \nB", "A\t\n\tB"),
        ("A\r\n#macro(f)\r\nx #end \nB", "A\r\nB"),
        ("$!## c\n{l}", "$!{l}"),
        ("A \n$!x\n $!x\n B", "A \n\n \n B"),
        ("\t\n\t#macro(f) #end", "\t\n\t"),
        ("A\r\n#if(true) x\n\n#end B", "A\r\n x\n\n B"),
        ("A\t\n\t#foreach( $i in [1,2] )\n\nx\n#{end} B", "A\t\n\t\nx\n\nx\n B"),
        ("A\r\n#if(false)\r\nx \n#end\n\nB", "A\r\n\nB"),
        ("#foreach( $i in [1,2] )\t#{end} \n", "\t\t"),
        ("A\n#if (true)x#{end}\nB", "A\nxB"),
        ("A#if(false)x\t#elseif(false) y #end B", "A B"),
        ("#foreach($i in [1,2])\n #end \n", "  "),
        ("\n#[[ r ]]# \r\n ", "\n r  \r\n "),
        ("A $!x  $!x  B", "A     B"),
        ("A#foreach($i in [1,2]) x\n\n#end\n\nB", "A x\n\n x\n\n\nB"),
        ("A\r\n#if(false)\nx\r\n#end\r\nB", "A\r\nB"),
        ("#if(true)  #end\t", "  \t"),
        ("A\n\n#if(true) x #end B", "A\n\n x  B"),
        ("A #macro(f) \nx#end\n\nB", "A \nB"),
        ("A #if (true)\n\nx\n\n#{end}B", "A \nx\n\nB"),
        ("A \n#if (true)\n\nx \n#{end}\r\nB", "A \n\nx \nB"),
        ("A #foreach( $i in [1,2] )\nx\n\n#{end} \nB", "A x\n\nx\n\nB"),
        ("$\n\n{l}", "$\n\n{l}"),
        ("#if(true) #end\n ", "  "),
        ("A \n$x$xB", "A \n"),
        ("A\t\n\t#if (true)\n x#{end}\r\nB", "A\t\n\t xB"),
        ("A #foreach($i in [1,2])\t\n\tx\n#end\r\nB", "A \tx\n\tx\nB"),
        ("#** c *#\n\n", "\n\n"),
        ("A#if (true)\n x\n#{end} \nB", "A x\nB"),
        ("#if(false)\t#end\r\n", ""),
        ("\t#foreach($i in [1,2]) \n#end", "\t"),
        ("A\n\n#if(false)\t\n\tx\r\n#end B", "A\n\n B"),
        ("A\n#foo\n\nB", "A\n#foo\n\nB"),
        ("A#if (true)\r\nx #{end}B", "Ax B"),
        ("A\r\n#foreach($i in [1,2])\n x \n#end\r\nB", "A\r\n x \n x \nB"),
        ("A\n #macro(f)\n\nx\n\n#end\n\nB", "A\n \nB"),
        ("A\t\n\t#foreach($i in [1,2])\nx #end B", "A\t\n\tx x  B"),
        ("\n#** c *#\n ", "\n\n "),
        (" \n#if( true ) \r\n #end", " \n "),
        ("A \n#[[ r ]]#\n B", "A \n r \n B"),
        ("A \n#macro(f) \nx\n\n#end \nB", "A \nB"),
        ("\n#define($q)\t#end$q", "\n\t"),
        ("A#define($q)\nx\n\n#end$q\r\nB", "Ax\n\n\r\nB"),
        ("#set($x={\"a\"\n :1})$x", "{a=1}"),
        ("A \n#define($q)\nx\r\n#end$q\nB", "A \nx\r\n\nB"),
        ("A\n\n#define($q) x #end$q B", "A\n\n x  B"),
        ("A\n\n#if (true)\nx\n#{end}\r\nB", "A\n\nx\nB"),
        ("A#if(false)x\r\n#{else}\ny\n#end B", "Ay\n B"),
        ("A \n#if(false) \nx\n\n#end \nB", "A \nB"),
        ("A\r\n#macro(f)\nx#end\n\nB", "A\r\n\nB"),
        ("A#if(true)x  #elseif (true) \ny\n#end B", "Ax   B"),
        ("A\n #if( true )\nx\n\n#end\nB", "A\n x\n\nB"),
        ("A\n #if(false)\t\n\tx\n#end \nB", "A\n B"),
        ("#if(true)\n#end", ""),
        ("A#if(true)x\t\n\t#elseif(true)\ny#end B", "Ax\t\n\t B"),
        ("A \n#macro(f)x\n#end B", "A \n B"),
        ("A\n #if(false) \nx\n#end B", "A\n  B"),
        ("A #set(\n\n$x=1) B", "A  B"),
        ("\n\n#if(false)\t#end", "\n\n"),
        ("A\n#if( true )\t\n\tx\r\n#end\n\nB", "A\n\tx\r\n\nB"),
        ("  #foreach($i in [1,2])  #end", "      "),
        ("A\t\n\t#[[ r ]]# #[[ r ]]# B", "A\t\n\t r   r  B"),
        ("A\n#foreach( $i in [1,2] )\n\nx#{end}\n\nB", "A\n\nx\nx\nB"),
        ("A #if(true)\nx \n#end B", "A x \n B"),
        ("A#macro(f) x #end\n\nB", "A\nB"),
        ("A\n\n#if(true)\r\nx#end B", "A\n\nx B"),
        ("A\t\n\t#if( true ) x #end \nB", "A\t\n\t x B"),
        (" #if(false)\r\n#end", " "),
        ("#set($l=[1])$l [0]", "[1] [0]"),
        ("A\n\n#foreach( $i in [1,2] )\t\n\tx#{end}\nB", "A\n\n\tx\txB"),
        ("A\n#if( true )\r\nx \n#end\r\nB", "A\nx \nB"),
        ("A\n #if (true)\t\n\tx \n#{end}B", "A\n \tx \nB"),
        ("A\r\n#if(false)\t\n\tx#endB", nil),
        ("A\r\n#if( true )\n\nx \n#endB", nil),
        ("A\n #macro(f)\n x\n#endB", nil),
        ("A#if(false)\n\nx \n#endB", nil),
        ("A #macro(f)\n x \n#endB", nil),
        ("A \n#macro(f)\nx\n\n#endB", nil),
        ("A\t\n\t#if(true)\t\n\tx#endB", nil),
        ("A\t\n\t#include(\"q\")\n#include(\"q\")\nB", nil),
        ("A \n#include(\"q\")#include(\"q\")B", nil),
        ("A\r#include(\"q\")  B", nil),
        ("A#if(true) \nx #endB", nil),
        ("A \n#if(false)\nx\r\n#endB", nil),
        ("A\t\n\t#macro(f) \nx\n\n#endB", nil),
        ("A\n\n#if(false) \nx\r\n#endB", nil),
        ("A\n#macro(f) x #endB", nil),
        ("A#if(true) x\r\n#endB", nil),
        ("A#if(true)x#endB", nil),
        ("A #include(\"q\")#include(\"q\")B", nil),
        ("A  #include(\"q\")\n\n#include(\"q\")\n\nB", nil),
        ("A #macro(f)\t\n\tx#endB", nil),
        ("A\n#if(true)x #endB", nil),
        ("#set($l=[1])${l\t}", nil),
        ("A\r\n#include(\"q\") \r\n #include(\"q\") \r\n B", nil),
        ("#set($x=1\t\n\t-1)$x", nil),
        ("A\n#if(false) x\r\n#endB", nil),
        ("A\n\n#include(\"q\")\n #include(\"q\")\n B", nil),
        ("A #if(true#* c *#)x#end B", nil),
    ]

    static let references: [(template: String, output: String?)] = [
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(0).getKey()]",
            "[]"
        ),
        ("#set($n=5)[$n.p[\"\"]]", "[]"),
        ("#set($n=5)[${n.getKey()}]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.get(\"k\")[\"1\"]]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1].get(null).1]", "[.1]"),
        ("[$u.size()[\"x\"]]", "[]"),
        ("#set($s=\"abc\")#set($i=1)[$s[$i].a]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($i=1)#set($k=\"k\")[$!m[\"$k\"].get($i)]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[${m}.hashCode.get]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.hashCode.get]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.empty.getKey()]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\")[-9].key]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\").keySet().n]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.K[true]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.get(\"k\").a]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($z=0)[$m.length()[$z]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(0).a_b]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($z=0)[$m[$z].size]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.a-b.get(0)]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.p.size()]",
            "[]"
        ),
        ("\"a#\"", "\"a#\""),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}[ 0 ][-9]]", "[[a, [b, c], {k=v}][ 0 ][-9]]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])#set($k=\"k\")[$l[1].size[\"$k\"]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[${m}[1].get(null)]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}[1].get(null)]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#if($m.K)T#{else}F#end",
            "T"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.1[\"k\"]]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.1[\"k\"]]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.1.length]",
            "[{p=[1, 2]}.1.length]"
        ),
        ("[$u.A.K]", "[]"),
        ("#set($n=5)[$n.SIZE().get(0)]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.1[-9]]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.1[-9]]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1][\"a b\"][\"\"]]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.x().isempty]", "[[a, [b, c], {k=v}].x().isempty]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.a_b.n]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.isempty.length()]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.K[[0]]]", "[[a, [b, c], {k=v}].K[[0]]]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($r=\"<$m.empty>\")[$r]",
            "[<em>]"
        ),
        ("#set($s=\"abc\")$s.concat(\"\n\")|", "abc\n|"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m[-9].n]",
            "[]"
        ),
        ("#set($s=\"abc\")#set($z=0)[$s[$z]['k']]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($z=0)[$m.n[$z].length]",
            "[]"
        ),
        ("#set($s=\"abc\")[$s.x().1]", "[.1]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.keySet()[0]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[${m}.length.length()]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.length.length()]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($i=1)[$m.get(\"n\")[$i].a_b]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}[-1][true]]", "[[a, [b, c], {k=v}][-1][true]]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\").k[true]]",
            "[]"
        ),
        ("#set($n=5)#set($i=1)[$n[9].get($i)]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[\"a b\"][-1]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.values()[\"k\"]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.getKey().key]",
            "[]"
        ),
        ("#set($s=\"abc\")[$s.Empty.get(\"n\").p]", "[]"),
        ("#set($s=\"abc\")[$s.a.substring(1)]", "[]"),
        ("#set($s=\"abc\")#set($i=1)[$s[$i].a-b]", "[]"),
        (
            "#set($s=\"abc\")#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($m[\"# $s\"]=1)$m.size()",
            "15"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\")[\"\"].empty]",
            "[]"
        ),
        ("[$u[\"a b\"].empty]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m[\"\"][1]]",
            "[]"
        ),
        ("#set($s=\"abc\")#set($k=\"k\")[$s[\"$k\"].toString]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.K.charAt(0)]", "[[a, [b, c], {k=v}].K.charAt(0)]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.Empty[1]]", "[[a, [b, c], {k=v}].Empty[1]]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.values().get($u)]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.length().get]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1].get(0)]", "[b]"),
        ("#set($s=\"abc\")#set($i=1)[$s.values()[$i]]", "[]"),
        ("#set($s=\"abc\")[$s.size()[-9]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.keySet().p]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($i=1)[$m.toString().get($i)]",
            "[]"
        ),
        ("#set($n=5)[$n.isEmpty()[ 0 ]]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.key[\"\"]]", "[[a, [b, c], {k=v}].key[\"\"]]"),
        ("#set($n=5)[$n.toString[\"\"]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.x().charAt(0)]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[-1].empty]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($z=0)[$m.get(\"n\")[$z].K]",
            "[]"
        ),
        ("#set($s=\"abc\")#set($r=$s[\"1\"])[$r]", "[]"),
        ("#set($s=\"abc\")[$s.size.get(0)]", "[]"),
        ("[$u.charAt(0)[0]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[${m}[\"\"].a]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}[\"\"].a]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1].get(\"n\").p.a]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.get(null)[\"1\"]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($k=\"k\")[$m[$k].key]",
            "[]"
        ),
        ("#set($n=5)#set($k=\"k\")[$!{n[$k]}]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1].get(null).size()]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.size().get(\"k\")]",
            "[]"
        ),
        ("#set($n=5)[$n.a-b[\"\"]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get.n]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1][1][9]]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m[$u][ 0 ]]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.a_b.a-b]", "[]"),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.empty[true]]", "[[a, [b, c], {k=v}].empty[true]]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[\"k\"].isempty]",
            "[]"
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l.x().values()]", "[]"),
        (
            "#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$!{l}.keySet().isEmpty()]",
            "[[a, [b, c], {k=v}].keySet().isEmpty()]"
        ),
        ("#set($s=\"abc\")[$s.a-b.keySet]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[${m}.get(0)[-1]]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.get(0)[-1]]"
        ),
        ("#set($n=5)[$n[0].x()]", "[]"),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.n.charAt(0)]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($i=1)[$m.get(\"n\")[$i][1]]",
            "[]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m['k'].empty]",
            "[false]"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.1.a_b]",
            "[{k=v, n={p=[1, 2]}, a-b=1, a_b=2, 1=one, class=cls, size=sz, empty=em, keySet=ks, key=K, get=G, A=upper, =blank, a b=sp}.1.a_b]"
        ),
        ("#foreach($c in [\"\\u00\"])$c#end|", nil),
        ("#set($s=\"abc\")[$s[1.0].keySet()]", nil),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1][-9][\"\"]]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[[0]][\"x\"]]",
            nil
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($k=\"k\")[$m[$k][[0]]]",
            nil
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1][1.0].empty]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\")[1.0].a]",
            nil
        ),
        ("#set($s=\"abc\")[$s.length()[1.0]]", nil),
        ("#if(null.toString())t#end", nil),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1][[0]].size()]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})#set($k=\"k\")[$m.get(\"n\")[1.0][\"$k\"]]",
            nil
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[9].get($u)]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\").isempty[1.0]]",
            nil
        ),
        ("#set($r=\"<$u.get(\"n\").p>\")[$r]", nil),
        ("#set($s=\"abc\")#set($i=1)[$s[$i][1.0]]", nil),
        ("#set($s=\"abc\")[$s[-1][\"\"]]", nil),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[${l.1}]", nil),
        ("#set($n=5)[$n.charAt(0)[[0]]]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[[0]].SIZE()]",
            nil
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.get(\"n\")[[0]].x]",
            nil
        ),
        ("#set($s=\"abc\")[$s[[0]].get(\"k\")]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n.get($u)[[0]]]",
            nil
        ),
        ("#set($n=5)[$n[[0]].key]", nil),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])#set($r=[$l[1][1.0]])[$r]", nil),
        ("#set($n=5)#set($r=\"<$n[\"k\"]>\")[$r]", nil),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[9].x()]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.a-b[-1]]",
            nil
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1.0].get]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.n[[0]].a-b]",
            nil
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$m.isEmpty()[[0]]]",
            nil
        ),
        ("#set($l=[\"a\",[\"b\",\"c\"],{\"k\":\"v\"}])[$l[1].substring(1)[1.0]]", nil),
        (
            "#set($m={\"k\":\"v\",\"n\":{\"p\":[1,2]},\"a-b\":1,\"a_b\":2,\"1\":\"one\",\"class\":\"cls\",\"size\":\"sz\",\"empty\":\"em\",\"keySet\":\"ks\",\"key\":\"K\",\"get\":\"G\",\"A\":\"upper\",\"\":\"blank\",\"a b\":\"sp\"})[$!m.toString()[-9]]",
            nil
        ),
    ]
}
