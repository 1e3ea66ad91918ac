/// Templates of our own with the output of Apache Velocity 1.7 (macros disabled, undefined references answered with the
/// empty string by an event handler, as API Gateway does); `nil` where it refuses the template or fails.
enum TemplateVelocityCases {
    static let part1: [(template: String, output: String?)] = [
        ("#set($a=\"x\")\\\\$a \\$a \\\\\\$a $a \\\\\\\\$a \\\\\\\\\\$a", "\\x $a \\$a x \\\\x \\\\$a"),
        ("\\#if \\\\#if(true)x#end \\\\\\#if(true)x #foreach \\#foreach \\\\#foreach($i in [1])$i#end", nil),
        ("\\#foo \\\\#foo \\\\\\#foo", "\\#foo \\\\#foo \\\\\\#foo"),
        ("$!{x} ${x}y $!x.y.z ${x.y}z", " y  z"),
        (
            "#set($s=\"Hello\")$s.substring(1) $s.substring(1,3) $s.indexOf(\"l\") $s.lastIndexOf(\"l\") $s.replace(\"l\",\"L\") $s.toUpperCase() $s.charAt(1) $s.concat(\"x\") $s.length()",
            "ello el 2 3 HeLLo HELLO e Hellox 5"
        ),
        ("#set($s=\"a,b,,c,,\")#foreach($p in $s.split(\",\"))[$p]#end $s.split(\",\").size()", "[a][b][][c] 4"),
        (
            "#set($s=\"a1b22c\")$s.replaceAll(\"[0-9]+\",\"<$0>\") $s.replaceFirst(\"[0-9]\",\"#\") $s.matches(\"[a-c0-9]*\")",
            "a<1>b<22>c a#b22c true"
        ),
        ("#set($s=\"  trim \")[$s.trim()]", "[trim]"),
        (
            "#set($l=[\"a\",\"b\",\"c\"])$l.size() $l.get(0) $l[1] $l $l.contains(\"a\") $l.indexOf(\"c\") $l.isEmpty() $l.subList(1,3) $l.remove(0) $l $l.add(\"z\") $l $l.add(0,\"y\") $l $l.set(0,\"q\") $l",
            "3 a b [a, b, c] true 2 false [b, c] a [b, c] true [b, c, z]  [y, b, c, z] y [q, b, c, z]"
        ),
        (
            "#set($m={\"a\":1,\"b\":[1,2],\"c\":{\"d\":\"e\"}})$m $m.a $m.get(\"b\") $m.c.d $m[\"c\"][\"d\"] $m.keySet() $m.values() $m.size() $m.containsKey(\"a\") $m.containsValue(1) $m.isEmpty() $m.entrySet()",
            "{a=1, b=[1, 2], c={d=e}} 1 [1, 2] e e [a, b, c] [1, [1, 2], {d=e}] 3 true true false [a=1, b=[1, 2], c={d=e}]"
        ),
        (
            "#set($m={\"a\":1})#foreach($e in $m.entrySet())$e.key=$e.value;$e.getKey()=$e.getValue();$e#end",
            "a=1;a=1;a=1"
        ),
        (
            "#set($m={})$m.put(\"a\",1) $m.put(\"a\",2) $m.remove(\"a\") $m $m.putAll({\"x\":\"y\"}) $m",
            " 1 2 {}  {x=y}"
        ),
        (
            "#set($x=5)#if($x>3 && $x<10)in#else out#end #if($x>3 || $y)yes#end #if(!($x>3))no#{else}yes#end",
            "in yes yes"
        ),
        (
            "#if(\"abc\")t#{else}f#end #if(\"\")t#{else}f#end #if(1)t#{else}f#end #if(0)t#{else}f#end #if([])t#{else}f#end #if(1+1)t#{else}f#end",
            "f f f f f f"
        ),
        (
            "#if($x)t#{else}f#end#set($x=0)#if($x)t#{else}f#end#set($x=\"\")#if($x)t#{else}f#end#set($x=[])#if($x)t#{else}f#end",
            "tttt"
        ),
        (
            "#set($x=!\"a\")$x #set($x=!1)$x #set($y=true && 1)$y #set($y=1==1.0)$y #set($y=\"1\"==1)$y #set($y=1!=\"1\")$y",
            "truetruefalsetruetruefalse"
        ),
        (
            "#set($x=7/2)$x #set($x=-7/2)$x #set($x=-7%3)$x #set($x=7.0/2)$x #set($x=7%2.5)$x #set($x=1-1)$x #set($x=2*3+4*5)$x #set($x=(2+3)*4)$x",
            nil
        ),
        (
            "#set($x=1.5+1)$x #set($x=0.1+0.2)$x #set($x=1e3)$x #set($x=1.0e-5)$x #set($x=123456789.0)$x #set($x=12345678901.0)$x #set($x=.5)$x #set($x=5.)$x",
            "2.50.300000000000000041000.01.0E-51.23456789E81.2345678901E100.55.0"
        ),
        (
            "#set($x=\"a\"+1)$x #set($x=1+\"a\")$x #set($x=\"a\"+\"b\"+1+2)$x #set($x=1+2+\"a\")$x #set($x=\"a\"+true)$x #set($x=\"a\"+[1,2])$x #set($x=\"a\"+1.0)$x",
            "a11aab123aatruea[1, 2]a1.0"
        ),
        (
            "#set($x=9223372036854775807)#set($y=$x+1)$y #set($y=$y*$y)$y #set($z=$y/3)$z #set($z=$y%7)$z #set($z=$y-$y)$z #set($n=-9223372036854775808-1)$n",
            nil
        ),
        (
            "#set($x=12345678901234567890)$x #set($y=$x+1)$y #if($x>1)gt#end #if($x==12345678901234567890)eq#end",
            "1234567890123456789012345678901234567891 gt eq"
        ),
        (
            "#foreach($i in [1..3])$i $foreach.index $foreach.count $foreach.hasNext $foreach.first $foreach.last $velocityCount $velocityHasNext;#end",
            "1 0 1 true true false 1 true;2 1 2 true false false 2 true;3 2 3 false false true 3 false;"
        ),
        (
            "#foreach($i in [1..2])#foreach($j in [1..2])$i$j$foreach.parent.index$foreach.parent.count$foreach.topmost.index #end#end",
            "11010 12010 21121 22121 "
        ),
        ("#foreach($i in [3..1])$i#end#foreach($i in [1..1])$i#end", "3211"),
        ("#foreach($i in [1,2,3])#if($i==2)#break#end$i#end done", "1 done"),
        (
            "#foreach($i in [1,2,3])#foreach($j in [1,2,3])#if($j==2)#break($foreach.parent)#end$i$j #end#end done",
            "11  done"
        ),
        ("#foreach($i in {\"a\":1,\"b\":2})$i#end", "12"),
        ("#foreach($i in \"abc\")$i#end#foreach($i in 5)$i#end#foreach($i in $undefined)$i#end", ""),
        ("#set($i=9)#foreach($i in [1,2])$i#end$i", "129"),
        ("#foreach($i in [1,$null,3])[$i]#end", "[1][][3]"),
        ("#define($d)<$x>#end#set($x=1)$d#set($x=2)$d #set($s=\"$d!\")$s #if($d==\"<2>\")eq#end", "<1><2><2>! eq"),
        ("#define($r)a$r#end$r", "aa$r"),
        ("#define($a)A$b#end#define($b)B#end$a", "AB"),
        ("x#stop()y", "x"),
        ("x#{stop}y", "x"),
        ("#foreach($i in [1..3])$i#if($i==2)#stop#end#end z", "12"),
        ("#set($x = \"a #if(true)b#end c\")$x", "a b c"),
        ("#set($x = \"#foreach($i in [1..3])$i,#end\")$x", "1,2,3,"),
        ("#set($x = '#foreach($i in [1..3])$i,#end')$x", "#foreach($i in [1..3])$i,#end"),
        ("#set($x = \"a$\")$x", "a$"),
        ("#set($x = \"a#\")$x", "a#"),
        ("#set($x = \"$\")[$x]", "[$]"),
        ("#set($x = \"\\u0041\\u00e9\")$x #set($y='\\u0041')$y", "Aé\\u0041"),
        ("#set($x = \"a\"\"b'c\")$x #set($x='a''b\"c')$x", "a\"b'ca'b\"c"),
        ("#set($x = \"##comment\")[$x]", "[]"),
        ("#set($x = \"a ##comment\")[$x]", "[a ]"),
        ("#set($x = [\"a\" , 'b',1 ,1.5,true,[1],{\"k\":\"v\"}])$x", "[a, b, 1, 1.5, true, [1], {k=v}]"),
        ("#set($x = {\"a\" : 1 , \"b\" : {} })$x", "{a=1, b={}}"),
        ("#set($x = { })$x #set($x=[])$x", "{}[]"),
        ("#set($x.y = 1)$x.y #set($x={})#set($x.y=1)$x.y#set($x[\"z\"]=2)$x #set($x.y.z=3)$x", "1{y=1, z=2}{y=1, z=2}"),
        ("#set($l=[1,2,3])#set($l[1]=\"b\")$l#set($l[-1]=\"c\")$l", "[1, b, 3][1, b, c]"),
        ("#set($a=1)#set($a.b=2)$a", "1"),
        ("#*c*#a#* multi", "a"),
        ("line *#b#** formal *#c", "line *#bc"),
        ("a ## line", "a "),
        ("b", "b"),
        ("#[[raw $x #if]]#end", "raw $x #ifend"),
        ("#if(true) a #else b #end c", " a  c"),
        ("#if(true)", nil),
        ("a", "a"),
        ("#else", nil),
        ("#end", nil),
        ("c", "c"),
        ("  #if(true)  ", nil),
        ("  a", "  a"),
        ("  #end  ", nil),
        ("  c", "  c"),
        ("#set($x=1)   ", "   "),
        ("y", "y"),
        ("   #set($x=1)   y", "   y"),
        ("a#if(true)b#{end}c", "abc"),
        ("#if(true)a#{else}b#{end}c", "ac"),
        ("#if(false)a#elseif(true)b#{else}c#end", "b"),
        ("#if (true)a#end #if\t(true)b#end", "a b"),
        ("#macro(foo $a)x$a#end#foo(1) #foo(\"a\") \\#foo", "#foo(1) #foo(\"a\") #foo"),
        ("#macro(foo)x#end#{foo}()y", "#{foo}()y"),
        ("#foo() #foo(1 2) #foo($a, \"b\") #foo #foo.bar", "#foo() #foo(1 2) #foo($a, \"b\") #foo #foo.bar"),
        ("#@foo()x#end", "#@foo()x#end"),
        ("#foo", "#foo"),
        ("a@b.com #hashtag #1 #12a $5 $5.00 US$ x", "a@b.com #hashtag #1 #12a $5 $5.00 US$ x"),
        ("$a$b $a-$b ${a}-${b} $a.b. $a..b $a.1 $a.b1 $a_b $a-b", "  - . ..b .1   "),
        ("#set($a-b=1)$a-b", "1"),
        ("#set($a=[[1,2],[3]])$a[0][1] $a.get(0).get(1) $a[0].size()", "2 2 2"),
        ("#set($a={\"k\":[1,{\"z\":\"q\"}]})$a.k[1].z $a[\"k\"][1][\"z\"] $a.get(\"k\").get(1).get(\"z\")", "q q q"),
        ("#set($i=0)#set($i=$i+1)$i#set($i=$i + 1)$i#set( $i = $i - 1 )$i", "121"),
        ("#set($i=$i - 1)$i", ""),
        ("#set($x=5)#set($y=$x-1)[$y]", "[]"),
        ("#set($s=\"abc\")$s.foo() $s.foo $s.length $s.substring(\"1\") $s.contains(1) $s.concat(1)", "     "),
        ("#set($n=5.7)$n.intValue() $n.longValue() $n.toString() #set($n=-5.7)$n.intValue()", "5 5 5.7-5"),
        (
            "#set($Integer=0)$Integer.parseInt(\"12\") $Integer.valueOf(\"13\") $Integer.toHexString(255) $Integer.MAX_VALUE $Integer.max(3,4)",
            "12 13 ff  4"
        ),
        (
            "#set($s=\"\")$s.format(\"%05d|%s|%5s|%-5s|%.2f|%x|%,d|%b|%c|%%\",42,\"x\",\"r\",\"l\",3.14159,255,1234567,true,\"c\".charAt(0))",
            nil
        ),
        (
            "#set($s=\"\")$s.format(\"%05d|%s|%5s|%-5s|%.2f|%x|%,d|%b|%%\",42,\"x\",\"r\",\"l\",3.14159,255,1234567,true)",
            "00042|x|    r|l    |3.14|ff|1,234,567|true|%"
        ),
    ]

    static let part2: [(template: String, output: String?)] = [
        (
            "#set($s=\"\")$s.format(\"%s-%s\",\"a\",\"b\") $s.format(\"plain\") $s.format(\"%e\",12345.678) $s.format(\"%+d % d\",5,6) $s.join(\"-\",[\"a\",\"b\"]) $s.valueOf(5)",
            "a-b plain 1.234568e+04 +5  6 a-b 5"
        ),
        (
            "#set($b=true)$b $b.toString() $b.equals(true) #if($b==true)y#end #if($b==\"true\")y#end #if(!$b)n#end",
            "true true true y y "
        ),
        (
            "#set($l=[\"b\",\"a\"])$l.toString() $l.lastIndexOf(\"a\") $l.iterator().next() #set($it=$l.iterator())#foreach($x in $it)$x#end",
            "[b, a] 1 bba"
        ),
        ("#set($m={1:\"a\",\"1\":\"b\"})$m.get(1) $m.get(\"1\") $m[1] $m[\"1\"] $m", "a b a b {1=a, 1=b}"),
        ("#set($l=[3,1])#if($l==[3,1])eq#end #if({\"a\":1}=={\"a\":1})eq#end #if($l!=[1])ne#end", "eq eq ne"),
        (
            "#if(\"a\"<\"b\")lt#{else}no#end #if(1<\"2\")lt#{else}no#end #if(2>=2.0)ge#end #if(1 le 1)le#end",
            "no no ge le"
        ),
        ("#if(1==1 && 2==2 || false)y#end #if(true and not false)y#end #if(true or $x.foo())y#end", "y y y"),
        ("#set($x=$y.foo)[$x] #set($x=1)#set($x=$undefined)[$x] #set($x=1)#set($x=1/0)[$x]", "[] [] [1]"),
        ("#set($x={\"a\":$undef})$x #set($x=[$undef])$x", "{a=}[]"),
        ("$undef.foo($bar.baz()) $undef[0] $undef[\"x\"].y", "  "),
        ("#set($l=[1])$l.get($undef) x", " x"),
        ("#set($l=[1])$l.get(\"0\") x", " x"),
        ("#set($l=[1])$l[\"0\"] x", " x"),
        (
            "#set($s=\"héllo€😀\")$s.length() $s.substring(1,3) $s.indexOf(\"€\") $s.toUpperCase() $s.charAt(1) $s.substring(6) $s.substring(7)",
            "8 él 5 HÉLLO€😀 é 😀 ?"
        ),
        (
            "#set($s=\"aXbXc\")#set($p=$s.split(\"X\"))$p[0]$p.get(1)$p.size() #foreach($q in $p)$q$foreach.hasNext #end",
            "ab3 atrue btrue cfalse "
        ),
        (
            "#set($s=\"a.b.c\")$s.split(\"\\.\").size() $s.replaceAll(\"\\.\",\"-\") $s.replace(\".\",\"-\")",
            "3 a-b-c a-b-c"
        ),
        ("#set($s='a\"b')$s.replace('\"','\\\"') $s.replaceAll('\"','\\\\\"')", "a\\\"b a\\\"b"),
        ("#set($q='\"')$q#set($d='$')$d#set($h='#')$h", "\"$#"),
        ("#set($x=\"${undef}x$!undef\")[$x] #set($x=\"$undef.foo()\")[$x]", "[x] []"),
        ("#set($x=\"$a.b $a.c()\")[$x]", "[ ]"),
        ("#literal()$x #if#end", nil),
        ("${a.b()}${a['x']}", ""),
        ("#set($x = 'it''s')$x", "it's"),
        ("#set($a=\"1\")#set($b=\"2\")#set($c=\"$a$b\")$c #set($c=\"${a}b$b\")$c", "121b2"),
        ("#set($c=\"$a.length()\")$c #set($c=\"$a.foo\")$c", ""),
        (
            "#if($a.b.c == \"\")eq#end #if($a == \"\")eq#end #if(\"\" == $a)eq#end #if($a != \"\")ne#end #if($a)t#end #if(!$a)nt#end",
            "eq eq eq  t "
        ),
        ("#if($undef == $undef2)eq#end #if($undef > 1)gt#{else}no#end", "eq no"),
        ("#foreach($x in [1..3])#set($y=\"$!y$x\")#end$y", "123"),
        ("#foreach($x in [\"a\",\"b\"])$x#if($foreach.hasNext), #end#end", "a, b"),
        ("#foreach($x in [])none#end#foreach($x in {})none#end", ""),
        ("#set($x = \"", nil),
        ("multi", "multi"),
        ("line", "line"),
        ("\")$x", "\")"),
        (
            "{\"a\": \"$x\", \"b\": [#foreach($i in [1..2])$i#if($foreach.hasNext),#end#end]}",
            "{\"a\": \"\", \"b\": [1,2]}"
        ),
        ("#set($foreach=5)$foreach#foreach($i in [1])$foreach.index#end$foreach", "505"),
        ("#set($velocityCount=7)#foreach($i in [1])$velocityCount#end$velocityCount", "17"),
        ("$foreach.index $velocityCount", " "),
        ("#set($l=[1,2])#foreach($i in $l)#set($ok=$l.add(3))$i#end", nil),
        ("#set($l=[1,2])#set($ok=$l.add($l.size()))$l", "[1, 2, 2]"),
        ("#set($a={\"x\":1})#set($b=$a)#set($b.x=2)$a.x", "2"),
        (
            "#set($l=[1..5])$l $l.size() $l.get(2) $l[4] $l.contains(3) $l.add(6) $l",
            "[1, 2, 3, 4, 5] 5 3 5 true true [1, 2, 3, 4, 5, 6]"
        ),
        (
            "#set($r=[$a..$b])[$r] #set($a=1)#set($b=3)#set($r=[$a..$b])$r #set($r=[ $a .. $b ])$r",
            "[] [1, 2, 3][1, 2, 3]"
        ),
        (
            "#set($x=1)#if($x == 1)one#elseif($x == 2)two#{else}other#end#set($x=2)#if($x == 1)one#elseif($x == 2)two#{else}other#end",
            "onetwo"
        ),
        ("#set($e=$s.empty)[$e]", "[]"),
        ("$!{a.b}$!a.b() $!a[0]", " "),
        ("#if(${a})x#end#if($!{a})y#end", "xy"),
        ("#set($x = -5)$x #set($x = 3-5)$x", nil),
        ("#set($x = 3 -5)$x", nil),
        ("#set($x=3 - 5)$x #set($y=- 3)$y", nil),
        ("#set($m={\"a-b\":1})$m.a-b $m[\"a-b\"] ${m.a-b}", "1 1 1"),
        ("$a.get(\"x\")foo $a.get(\"x\").foo bar", "foo  bar"),
        ("#set($a={\"x\":\"X\"})$a.get(\"x\")foo.bar $a.get(\"x\")}", "Xfoo X}"),
        ("#set($a={\"x\":\"X\"})$a.x}$a.get('x')]$a.x)", "X}X]X)"),
        ("#set($x=1)", ""),
        ("   #set($x=2)", ""),
        ("#set($x=1)#set($y=2)", ""),
        ("d", "d"),
        ("#foreach($i in [1..2])", nil),
        ("  $i", "  "),
        ("e", "e"),
        ("#define($x)", nil),
        ("  block", "  block"),
        ("[$x]", "[]"),
        ("#if(true)#if(false)a#{else}b#end#end", "b"),
        ("#if($x.y.z && $x.y.z != \"\")t#{else}f#end", "f"),
        ("#set($t=\"$x.get('a')$x.b\")[$t]", "[]"),
        ("#set($s=\"x\")$s.toString().length().toString().length()", "1"),
        ("$util.foo $context $input", "  "),
        ("#set($c=\"abc\".length())$c", nil),
        ("#set($l=[\"x\".length()])$l", nil),
        ("#set($s=\"a|b\")$s.split(\"\\|\").size() $s.split(\"|\").size()", "2 3"),
        ("#set($s=\"12\")#set($n=$s+1)$n #set($n=$s*1)[$n]", nil),
        (
            "#set($s=\"abcabc\")$s.indexOf(\"c\",3) $s.lastIndexOf(\"a\",2) $s.indexOf(\"z\") $s.indexOf(\"\")",
            "5 0 -1 0"
        ),
        ("#set($x=[1,2,3,])$x", nil),
        ("#set($x={\"a\":1,})$x", nil),
        ("#if()x#end", nil),
        ("#if(true x#end", nil),
        ("#foreach(x in [1])x#end", nil),
        ("#foreach($x of [1])x$x#end", "x1"),
        ("#set($x)y", nil),
        ("#set(x=1)y", nil),
        ("#set($x==1)y", nil),
        ("#set($x=null)y", nil),
        ("#set($x=foo)y", nil),
        ("$a.b(null) $a.b(foo)", " "),
        ("#set($m={})$m.put(\"k\",null)[$m.k]$m$m.containsKey(\"k\")", "{k=null}true"),
        ("#elseif", nil),
        ("#if(true)x#else y#else z#end", nil),
        ("#if true", nil),
        ("#foreach", nil),
        ("#define", nil),
    ]

    static let part3: [(template: String, output: String?)] = [
        ("#set($l = [1])#set($ok = $l.add($l))$l", "[1, (this Collection)]"),
        ("#set($m = {})#set($m.m = $m)$m", "{m=(this Map)}"),
        ("#set($s = '')$s.join('-', 'a', 'b') [$s.join('-', true)]", "a-b []"),
        ("x$a.b###foo", "x"),
        ("x$a.b##  y", "x##  y"),
        ("$a.b##", nil),
        ("## a ##", nil),
        ("#* ## *#c", "c"),
        ("$a.b$c#foo()##\n", "#foo()##\n"),
        ("$a## c\nd", "d"),
        ("#define()x#end", nil),
        ("#define(x)y#end", nil),
        ("#macro()x#end", nil),
        ("#macro($x)y#end", nil),
        ("#macro foo x #end", nil),
        ("${a", nil),
        ("${a.}", nil),
        ("${}", "${}"),
        ("${ a}", "${ a}"),
        ("$a[", nil),
        ("$a[0", nil),
        ("$a[$b", nil),
        ("$a.b(", "("),
        ("$a.b(\"x", nil),
        ("\"unclosed #set($x=\"abc)", nil),
        ("$a.b(1 2)", nil),
        ("$a.b(1,)", nil),
        ("$a.b($c.d(1),[1,2],{\"a\":1})", ""),
        ("#set($a=1;)", nil),
        ("#set($a=1 2)", nil),
        ("#set($a=(1)", nil),
        ("#set($a=1))x", ")x"),
        ("#set($a=[1)", nil),
        ("#set($a={1)", nil),
        ("#[[unclosed", nil),
        ("#* unclosed", ""),
        ("## last", ""),
        ("x#", nil),
        ("x$", nil),
        ("x\\", "x\\"),
        ("x\\\\", "x\\\\"),
        ("#include(\"x\")", nil),
        ("#parse(\"x\")", nil),
        ("#set($x = $y.z", nil),
        (".w)a", ".w)a"),
        ("$x", ""),
        (".foo", ".foo"),
        ("$x.foo", ""),
        (".bar", ".bar"),
        ("#if($x", nil),
        (")a#end", nil),
        ("#foreach( $i in [1,", nil),
        ("2] )$i#end", nil),
        ("#if(true)\n a\n#else\n b\n#end\nc", " a\nc"),
        ("  #if(true)  \n  a\n  #end  \n  c", "    a\n    c"),
        ("a ## line\nb", "a b"),
        ("a\n#set($x=1)\nb\n   #set($x=2)\nc", "a\nb\n   c"),
        ("#set($x=1)#set($y=2)\nd", "d"),
        ("#foreach($i in [1..2])\n  $i\n#end\ne", "  1\n  2\ne"),
        ("#define($x)\n  block\n#end\n[$x]", "[  block\n]"),
        ("#set($x = \"\nmulti\nline\n\")$x", "\nmulti\nline\n"),
        ("#if($x\n)a#end", "a"),
        ("#foreach( $i in [1,\n2] )$i#end", "12"),
        ("$x\n.foo", "\n.foo"),
        ("$x.foo\n.bar", "\n.bar"),
        ("#set($x = $y.z\n.w)a", nil),
        ("#*c*#a#* multi\nline *#b#** formal *#c", "abc"),
        ("#if(true)\r\na\r\n#end\r\nb", "a\r\nb"),
        ("#set($x=1)\r\ny", "y"),
        ("## c\r\nx", "x"),
        ("#end\n", nil),
        ("#if(true)x#end\t\n\ny", "x\ny"),
        ("#set( $a = \"x\" )\n\n$a", "\nx"),
        ("#foreach($i in [1..2])\n#if($i==1)\none\n#else\ntwo\n#end\n#end\nend", "one\ntwo\nend"),
        ("{\n#foreach($k in {\"a\":1,\"b\":2}.keySet())\n#end\n}", nil),
        ("#foo\n(1)x", "#foo\n(1)x"),
        ("#stop\nx", ""),
        ("a#break\nx", "a"),
        ("#if(true)\n\n#end", "\n"),
        ("  ## c\n  x", "    x"),
        ("x  #* c *#  \ny", "x    \ny"),
        ("#[[\na\n]]#\nb", "\na\n\nb"),
        ("#set($m={\n \"a\":1,\n \"b\":\"c\"\n})\n$m", "{a=1, b=c}"),
        ("#define ($x) y #end\n$x", " y "),
        ("\\\n#set($a=1)x", "\\\nx"),
        ("#if(true)a\n#end b", "a\n b"),
        ("#else\n", nil),
        ("#set($s=\"a\nb\")$s.split(\"\n\").size()", "2"),
        ("$a\\n$b", "\\n"),
        ("#set($t=\"\t\")[$t]", "[\t]"),
        ("#if(1==1)\n#set($x=1)\n#end\n$x", "1"),
        ("#foreach($x in [1])\n\n  #set($y=$x)\n\n#end", "\n  \n"),
        ("a   #set($x=1)  b", "a     b"),
        ("a   \n   #set($x=1)  b", "a   \n     b"),
        ("#set($a=1)\n   \n  #set($b=1)x", "   \n  x"),
        ("$x #set($b=1)y", "y"),
        ("$x.y  #set($b=1)z", "z"),
        ("${x}  #set($b=1)z", "z"),
        ("#end{x", nil),
        ("#if(true)#{end}\nx", "x"),
    ]
}
