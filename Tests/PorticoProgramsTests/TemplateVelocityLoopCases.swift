/// Loops, blocks, views and assignments, with the output of Apache Velocity 1.7 on Java 17,
/// as `scripts/velocity-oracle` runs it: macros and `#evaluate` off, undefined references answered with the empty
/// string. `nil` where it refuses the template or fails.
enum TemplateVelocityLoopCases {
    static let loops: [(template: String, output: String?)] = [
        (
            "#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$m.put(\"z\",2) $v.removeAll([\"k\"])$m",
            " false{k=v, n=1, z=2}"
        ),
        (
            "#set($m={\"k\":\"v\",\"n\":1})A#foreach($x in $m.entrySet().iterator())#foreach($y in [1,2])#break($foreach.parent)#end$x#end|$x|$foreach|$velocityCount|$y",
            "A||||"
        ),
        ("#define($d)second#end$d#define($d)#set($d=\"over\")$d#end#define($d)second#end$d|", "secondsecond|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$m.put(\"z\",2) $v.iterator().next().getKey()", " "),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet()) $v.iterator().next()", " k=v"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l)<$e>#set($l=[])#end $l $m",
            "<a><b><c> [] {k=v, n=1}"
        ),
        ("#define($d)#set($q=1)#end#set($r=\"$d\")$r|", "|"),
        ("#if($d)t#end#define($d)#if(true)y#end#end#if($d)t#end|", "tt|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>#if($foreach.first)$l.add(\"z\")#end#end $l $m",
            "<v>true<1> [a, b, c, z] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.iterator())<$e>$m.remove(\"k\")#end $l $m",
            "<a>v<b><c> [a, b, c] {n=1}"
        ),
        ("#define($d)$d#end#define($f)$d$d#end$f|", "$d$d|"),
        ("#set($s=\"q\"+$d)$s#define($d)#set($q=1)#end#set($s=\"q\"+$d)$s|", "qq|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$m.put(\"z\",2) #if($v==[\"k\",\"n\"])y#end", " "),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>#if($foreach.last)#set($e.value=\"n\")#end#end $l $m",
            "<v><1> [a, b, c] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$l.set(0,\"k\") $v.remove(\"k\")$m",
            "a true{k=v, n=1}"
        ),
        ("$d$d#define($d)$foreach.count#end$d$d|", "|"),
        ("#define($d)$e#end#set($l={\"a\":$d})$l|", "{a=}|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$m.put(\"z\",2) $v.contains(\"k\")", " false"),
        ("#set($s=\"q\")$s.concat(\"$d\")#define($d)#set($q=1)#end#set($s=\"q\")$s.concat(\"$d\")|", "qq|"),
        (
            "#set($x=\"old\")#set($foreach=\"F\")#set($velocityCount=\"C\")#foreach($x in [[1,2],[3]])$x$foreach.count$velocityCount#end|$x|$foreach|$velocityCount",
            "[1, 2]11[3]22|old|F|C"
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2)) $v.iterator().next().key", " "),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.iterator())<$e>#if($foreach.last)$l.set(0,\"q\")#end#end $l $m",
            "<a><b><c>a [q, b, c] {k=v, n=1}"
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(1,3)) $v.isEmpty()", " false"),
        ("#define($d)$d$d#end$!d|", "$d$d$d$d|"),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2)) $v", " [a, b]"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.remove(\"n\") $v.iterator().next().setValue(\"new\")$m",
            "1 {k=v}"
        ),
        ("#define($d)#break#end$u.f($d)|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.put(\"z\",2) $v.toString()",
            " [a, b]"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.keySet())<$e>#if($foreach.last)#set($l[0]=\"w\")#end#end $l $m",
            "<k><n> [w, b, c] {k=v, n=1}"
        ),
        ("$d.toString()#define($d)#set($q=1)#end$d.toString()|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>$l.remove(\"a\")#break#end $l $m",
            "<v>true [b, c] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$l.set(0,\"k\") #set($i=$v.iterator())$i.next()$i.remove()$m",
            "ak{n=1}"
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(1,3))$l.set(0,\"k\") $v.containsAll([\"k\"])", "a false"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>#if($foreach.last)$l.clear()#end#end $l $m",
            "<v><1> [] {k=v, n=1}"
        ),
        ("#define($d)\"$d\"#end$d|", "\"\"$d\"\"|"),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(1,3))$l.set(0,\"k\") $v.keySet()", "a "),
        ("#define($d)#set($q=1)#end$d|", "|"),
        ("$e$d#define($d)$d#end$e$d|", "$d|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$l.set(0,\"k\") $v.indexOf(\"k\")",
            "a "
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$m.remove(\"n\") $v[0]", "1 "),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2)) $v.equals($v)", " true"),
        ("#define($d)#if(true)y#end#end$d[0]|", "|"),
        ("#set($d.x=1)$d#define($d)$e#end#set($d.x=1)$d|", "|"),
        ("#define($d)$d#end$d.length()|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$l.set(0,\"k\") $v.iterator().next().value",
            "a "
        ),
        ("#define($d)$d#end#if($d==\"x\")eq#{else}ne#end|", "ne|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$l.set(0,\"k\") $v.hashCode()",
            "a 217"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$l.set(0,\"k\") $v.toString()",
            "a [k=v, n=1]"
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$m.put(\"z\",2) $v.isEmpty()", " false"),
        ("#define($d)#if(true)y#end#end$d()|", "y()|"),
        ("#foreach($i in [1,2])$d#end#define($d)\n x \n#end#foreach($i in [1,2])$d#end|", " x \n x \n|"),
        ("$d$d#define($d)#if(true)y#end#end$d$d|", "yy|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.remove(\"n\") $v.clear()$m",
            "1 {k=v}"
        ),
        ("#define($d)x#end$d()|", "x()|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$m.remove(\"n\") $v.length()", "1 "),
        ("$d\n$d#define($d)#set($q=1)#end$d\n$d|", "\n\n|"),
        ("#set($d=5)$d#define($d)$d$d#end#set($d=5)$d|", "55|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.keySet())<$e>#if($foreach.last)$l.remove(0)#end#end $l $m",
            "<k><n>a [b, c] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>$m.put(\"k\",9)#end $l $m",
            "<v>v<1>9 [a, b, c] {k=9, n=1}"
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$m.remove(\"n\") $v.retainAll([\"k\"])$m", "1 true{}"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$m.put(\"z\",2) $v.get(0)", " "),
        ("#set($s=\"q\")$s.concat($d)#define($d)$d#end#set($s=\"q\")$s.concat($d)|", "q|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$l.set(0,\"q\") $v",
            "a [k, n]"
        ),
        ("#define($d)#set($q=1)#end#set($l=[$d])$l|", "[]|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>#if($foreach.first)#set($m={})#end#end $l $m",
            "<v><1> [a, b, c] {}"
        ),
        ("\"$d\"#define($d)#foreach($z in [1,2])$z#end#end\"$d\"|", "\"\"\"12\"|"),
        ("#set($r=$d)$r#define($d)#foreach($z in [1,2])$z#end#end#set($r=$d)$r|", "12|"),
        ("${d}#define($d)#define($e)in#end$e#end${d}|", "in|"),
        ("$d[0]#define($d)$foreach.count#end$d[0]|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))#set($m.nn=\"w\") $v",
            " [a, b]"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.entrySet())<$e>$l.addAll([\"p\"])#break#end $l $m",
            "<k=v>true [a, b, c, p] {k=v, n=1}"
        ),
        ("#define($d)$foreach.count#end#set($e=\"E\")$d$e|", "E|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$m.remove(\"n\") $v.isEmpty()", "1 false"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$m.put(\"zz\",1) $v", " [k=v, n=1, zz=1]"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m)$e.setValue(\"n\") $v", " {k=v, n=1}"),
        ("$u.f($d)#define($d)\"$d\"#end$u.f($d)|", "|"),
        ("$d[0]#define($d)$d#end$d[0]|", "|"),
        ("#set($d=5)$d#define($d)#set($q=1)#end#set($d=5)$d|", "55|"),
        ("$!d#define($d)#foreach($z in [1,2])$z#end#end$!d|", "12|"),
        ("#define($d)#foreach($z in [1,2])$z#end#end#foreach($i in $d)$i#end|", "|"),
        ("#define($d)#foreach($z in [1,2])$z#end#end$d|", "12|"),
        ("$d.length()#define($d)$e#end$d.length()|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.remove(\"n\") $v.addAll([\"x\"])",
            "1 true"
        ),
        ("#define($d)\n x \n#end$e$d|", " x \n|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values()) $v.get(0)", " "),
        ("#define($d)#break#end$d[0]|", "|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values()) $v.clear()$m", " {}"),
        ("#define($d)$foreach.count#end$!d|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.entrySet())<$e>#if($foreach.last)$l.remove(\"a\")#end#end $l $m",
            "<k=v><n=1>true [b, c] {k=v, n=1}"
        ),
        ("#if($d)t#end#define($d)\n x \n#end#if($d)t#end|", "tt|"),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(1,3))$l.set(0,\"k\") $v.equals($v)", "a true"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>$l.addAll([\"p\"])#end $l $m",
            "<v>true<1>true [a, b, c, p, p] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>$e.setValue(\"n\")#end $l $m",
            "<v><1> [a, b, c] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(1,3))$l.set(0,\"k\") $v.clear()$m",
            "a {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$l.set(0,\"k\") $v.size()",
            "a 2"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.subList(0,2))<$e>$l.set(0,\"q\")#end $l $m",
            "<a>a<b>q [q, b, c] {k=v, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>$l.clear()#break#end $l $m",
            "<v> [] {k=v, n=1}"
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet()) $v.keySet()", " "),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>#if($foreach.last)$m.put(\"zz\",1)#end#end $l $m",
            "<v><1> [a, b, c] {k=v, n=1, zz=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$l.set(0,\"k\") $v.get(0)",
            "a "
        ),
        ("#define($d)\n x \n#end$d\n$d|", " x \n\n x \n|"),
        ("#define($d)\n x \n#end$!d|", " x \n|"),
        ("#define($d)\"$d\"#end$d()|", "\"\"$d\"\"()|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l)<$e>#if($foreach.last)$m.put(\"k\",9)#end#end $l $m",
            "<a><b><c>v [a, b, c] {k=9, n=1}"
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m)$m.put(\"k\",9) $v", "v {k=9, n=1}"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$l.remove(\"a\") $v",
            "true [v, 1]"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.remove(\"n\") $v.toString()",
            "1 [a, b]"
        ),
        ("\\$d#define($d)#stop#end\\$d|", "$d$d|"),
        ("#define($d)#if(true)y#end#end$d|", "y|"),
        ("\"$d\"#define($d)#set($q=1)#end\"$d\"|", "\"\"\"\"|"),
        ("#define($d)#set($q=1)#end${d}|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$l.set(0,\"k\") $v",
            "a [k, n]"
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$m.put(\"z\",2) $v.clear()$m", " {}"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet())$l.set(0,\"k\") $v.remove(1)$m",
            "a false{k=v, n=1}"
        ),
        ("#define($d)$e#end\"$d\"|", "\"\"|"),
        ("$u.f($d)#define($d)#foreach($z in [1,2])$z#end#end$u.f($d)|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.subList(0,2))<$e>#if($foreach.first)$m.remove(\"k\")#end#end $l $m",
            "<a>v<b> [a, b, c] {n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(0,2))$m.put(\"z\",2) $v.remove(1)$m",
            " b{k=v, n=1, z=2}"
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2)) $v.isEmpty()", " false"),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2)) $v.iterator().hasNext()", " true"),
        ("#define($d)#foreach($z in [1,2])$z#end#end\\$d|", "$d|"),
        ("$u.f($d)#define($d)$foreach.count#end$u.f($d)|", "|"),
        ("\"$d\"#define($d)x#end\"$d\"|", "\"\"\"x\"|"),
        ("$!d#define($d)#stop#end$!d|", ""),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l)<$e>$m.put(\"k\",9)#break#end $l $m",
            "<a>v [a, b, c] {k=9, n=1}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.iterator())<$e>$l.remove(0)#break#end $l $m",
            "<a>a [b, c] {k=v, n=1}"
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l) $v", " [a, b, c]"),
        ("#define($d)#set($q=1)#end#if($d)t#end|", "t|"),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(1,3))$l.set(0,\"k\") #foreach($x in $v)$x,#end", "a b,c,"),
        ("$d$d#define($d)$d#end$d$d|", "$d$d|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet()) $v.toArray().size()", " 2"),
        ("$d\n$d#define($d)#set($d=\"over\")$d#end$d\n$d|", "\nover\nover|"),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$m.clear() $v", " []"),
        ("$!d#define($d)#set($d=\"over\")$d#end$!d|", "over|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m)<$e>#set($m={})#break#end $l $m",
            "<v> [a, b, c] {}"
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.values())<$e>#set($e.value=\"n\")#end $l $m",
            "<v><1> [a, b, c] {k=v, n=1}"
        ),
        ("$d.length()#define($d)#if(true)y#end#end$d.length()|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$l.subList(1,3))$m.put(\"z\",2) $v.size()",
            " 2"
        ),
        ("#define($d)#set($d=\"over\")$d#end${d}|", "over|"),
        ("$d#define($d)#set($d=\"over\")$d#end$d|", "over|"),
        ("#define($d)#set($q=1)#end\\$d|", "$d|"),
        ("#define($d)$e#end${d}|", "|"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($ll=[[1,2],[3,4]])#set($mm={\"p\":{\"q\":1},\"r\":{\"q\":2}})#set($r=[1..3])#set(\"x\"=[1..2])[$x][$x.a][$m][$l][$ll][$mm][$r]",
            nil
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.keySet())<$e>$m.clear()#end $l $m",
            nil
        ),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2))$l.remove(0) $v", nil),
        ("#define(d)x#end$d", nil),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.entrySet()) $v.add(\"x\")", nil),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.iterator())<$e>$l.remove(0)#end $l $m",
            nil
        ),
        ("#define( d )x#end$d", nil),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $m.keySet())<$e>$m.put(\"zz\",1)#end $l $m",
            nil
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l)<$e>#if($foreach.last)$l.addAll([\"p\"])#end#end $l $m",
            nil
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.subList(0,2))<$e>$l.remove(\"a\")#end $l $m",
            nil
        ),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#foreach($e in $l.subList(0,2))<$e>$l.add(\"z\")#end $l $m",
            nil
        ),
        ("#define($d $e)x#end$d", nil),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2))$l.add(\"z\") $v", nil),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2))$l.addAll([\"p\"]) $v", nil),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values())$m.remove(\"n\") $v.add(\"x\")", nil),
        ("#define( $d $e )x#end$d", nil),
        (
            "#set($l=[\"a\",\"b\",\"c\"])#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.keySet())$l.set(0,\"k\") $v.add(\"x\")",
            nil
        ),
        ("#set($m={\"k\":\"v\",\"n\":1})#set($v=$m.values()) $v.add(\"x\")", nil),
        ("#define( $d,$e )x#end$d", nil),
        ("#define(  )x#end$d", nil),
        ("#define()x#end$d", nil),
        ("#define($d,$e)x#end$d", nil),
        ("#set($l=[\"a\",\"b\",\"c\"])#set($v=$l.subList(0,2))$l.clear() $v", nil),
    ]
}
