/// Numbers and operators on mixed types, with the output of Apache Velocity 1.7 on Java 17,
/// as `scripts/velocity-oracle` runs it: macros and `#evaluate` off, undefined references answered with the empty
/// string. `nil` where it refuses the template or fails.
enum TemplateVelocityNumberCases {
    static let numbers: [(template: String, output: String?)] = [
        (
            "#set($a=1334175004)#set($b=-576323247)#set($c=1.8822478349453476e+19)#set($r=$a + $b)[$r]#set($r=$a * ($b / $c))[$r]#if($a == $b)T#end",
            "[757851757][-0.040850947260823604]"
        ),
        (
            "#set($a=-415790184.9804828)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "-4.157901849804828E8 -415790184 -415790184 -4.15790176E8 -1455175528"
        ),
        (
            "#set($a=19)#set($b=-3756253400)#set($c=-2.6599843281309712e+19)#set($r=$a / $b)[$r]#set($r=$a - ($b * $c))[$r]#if($a == $b)T#end",
            "[0][-9.991575176488676E28]"
        ),
        (
            "#set($a=-65.76)#set($b=-3.797993654889709e+19)#set($c=-7299825861)#set($r=$a / $b)[$r]#set($r=$a * ($b - $c))[$r]#if($a != $b)T#end",
            "[1.7314404913588417E-18][2.497560626975436E21]T"
        ),
        (
            "#set($a=9551577827)#set($b=39e-9)#set($c=69.0965)#set($r=$a / $b)[$r]#set($r=$a * ($b - $c))[$r]#if($a <= $b)T#end",
            "[2.44912251974358976E17][-6.599805969507941E11]"
        ),
        (
            "#set($a=1049439844)#set($b=4.5787518689683866e+19)#set($c=-17)#set($r=$a % $b)[$r]#set($r=$a + ($b % $c))[$r]#if($a != $b)T#end",
            "[1.049439844E9][1.049439849E9]T"
        ),
        ("#set($s=\"\")#set($a=428619213.1062331)$s.format(\"%-15.2f\",$a)", "428619213.11   "),
        ("#set($s=\"\")#set($a=-0.1441746234630763)$s.format(\"%+12.3f\",$a)", "      -0.144"),
        (
            "#set($a=-9183.87)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "-9183.87 -9183 -9183 -9183.87 -1662445012"
        ),
        (
            "#set($a=-74.2509)#set($b=-78.8)#set($c=833099037)#set($r=$a / $b)[$r]#set($r=$a / ($b * $c))[$r]#if($a > $b)T#end",
            "[0.942270304568528][1.1310423643768153E-9]T"
        ),
        (
            "#set($a=-2107.8)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "-2107.8 -2107 -2107 -2107.8 1496968707"
        ),
        (
            "#set($a=51.5647)#set($b=86.7678)#set($c=-3.168275759701582e+19)#set($r=$a * $b)[$r]#set($r=$a * ($b / $c))[$r]#if($a > $b)T#end",
            "[4474.1555766599995][-1.4121736603765256E-16]"
        ),
        (
            "#set($a=14)#set($b=9)#set($c=23.4)#set($r=$a + $b)[$r]#set($r=$a % ($b + $c))[$r]#if($a >= $b)T#end",
            "[23][14.0]T"
        ),
        ("#set($s=\"\")#set($a=941206216.0252252)$s.format(\"% 20.1f\",$a)", "         941206216.0"),
        (
            "#set($a=1834425575)#set($b=6632621852)#set($c=14e16)#set($r=$a % $b)[$r]#set($r=$a + ($b + $c))[$r]#if($a == $b)T#end",
            "[1834425575][1.40000008467047424E17]"
        ),
        (
            "#set($a=874667801)#set($b=70e0)#set($c=-16)#set($r=$a * $b)[$r]#set($r=$a + ($b + $c))[$r]#if($a >= $b)T#end",
            "[6.122674607E10][8.74667855E8]T"
        ),
        (
            "#set($a=4.21527333571013e+19)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "4.21527333571013E19 2147483647 9223372036854775807 4.2152734E19 -113759834"
        ),
        (
            "#set($a=6.8)#set($b=11)#set($c=-8.01100547559928e+19)#set($r=$a + $b)[$r]#set($r=$a % ($b % $c))[$r]#if($a > $b)T#end",
            "[17.8][6.8]"
        ),
        ("#set($s=\"\")#set($a=0.4178720838871499)$s.format(\"%-20.3f\",$a)", "0.418               "),
        (
            "#set($a=7675769941)#set($b=82e-11)#set($c=27e2)#set($r=$a - $b)[$r]#set($r=$a + ($b + $c))[$r]#if($a < $b)T#end",
            "[7.675769941E9][7.675772641E9]"
        ),
        (
            "#set($a=941206216.0252252)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "9.412062160252252E8 941206216 941206216 9.4120621E8 634336833"
        ),
        (
            "#set($a=392983749)#set($b=-1310133969)#set($c=4)#set($r=$a - $b)[$r]#set($r=$a * ($b % $c))[$r]#if($a == $b)T#end",
            "[1703117718][-392983749]"
        ),
        (
            "#set($a=7)#set($b=-662949801)#set($c=29.5328)#set($r=$a - $b)[$r]#set($r=$a * ($b * $c))[$r]#if($a >= $b)T#end",
            "[662949808][-1.370513471808096E11]T"
        ),
        ("#set($s=\"\")#set($a=943108120.6052797)$s.format(\"% 20.8f\",$a)", "  943108120.60527970"),
        ("#set($s=\"\")#set($a=5.881771354332988e-11)$s.format(\"%012.3g\",$a)", "00005.88e-11"),
        ("#set($s=\"\")#set($a=-9.53137953587807e+19)$s.format(\"% 15.8g\",$a)", " -9.5313795e+19"),
        (
            "#set($a=-1936202527)#set($b=50.26)#set($c=816638866)#set($r=$a / $b)[$r]#set($r=$a * ($b % $c))[$r]#if($a != $b)T#end",
            "[-3.8523727158774376E7][-9.731353900701999E10]T"
        ),
        ("#set($s=\"\")#set($a=3.099638626587607e+19)$s.format(\"% 20.0f\",$a)", " 30996386265876070000"),
        (
            "#set($a=4)#set($b=8)#set($c=181390483)#set($r=$a / $b)[$r]#set($r=$a - ($b * $c))[$r]#if($a != $b)T#end",
            "[0][-1451123860]T"
        ),
        (
            "#set($a=3.7175640746884765e-09)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "3.7175640746884765E-9 0 0 3.717564E-9 -1142872748"
        ),
        (
            "#set($a=-2.188717948192737e+19)#set($b=32e2)#set($c=-83.8630)#set($r=$a % $b)[$r]#set($r=$a * ($b + $c))[$r]#if($a > $b)T#end",
            "[-2304.0][-6.820344980927471E22]"
        ),
        (
            "#set($a=-9.54451446834412e+18)#set($b=-2.6471046944087794e+19)#set($c=64.386)#set($r=$a + $b)[$r]#set($r=$a % ($b / $c))[$r]#if($a > $b)T#end",
            "[-3.6015561412431913E19][-8.8513478780871552E16]T"
        ),
        ("#set($s=\"\")#set($a=-5.6377652177515045e+19)$s.format(\"%12.0g\",$a)", "      -6e+19"),
        ("#set($s=\"\")#set($a=8.499543849748277e+19)$s.format(\"% 12.1f\",$a)", " 84995438497482770000.0"),
        (
            "#set($a=3.172305239029829e+19)#set($b=1)#set($c=-13)#set($r=$a - $b)[$r]#set($r=$a * ($b * $c))[$r]#if($a <= $b)T#end",
            "[3.172305239029829E19][-4.1239968107387775E20]"
        ),
        (
            "#set($a=704483.0)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "704483.0 704483 704483 704483.0 1092976582"
        ),
        ("#set($s=\"\")#set($a=-948559502.3058262)$s.format(\"% 12.1f\",$a)", "-948559502.3"),
        (
            "#set($a=30e23)#set($b=-52.5)#set($c=-2)#set($r=$a - $b)[$r]#set($r=$a * ($b + $c))[$r]#if($a != $b)T#end",
            "[3.0E24][-1.6349999999999998E26]T"
        ),
        (
            "#set($a=-7756981047)#set($b=58e0)#set($c=-414636678)#set($r=$a - $b)[$r]#set($r=$a / ($b - $c))[$r]#if($a > $b)T#end",
            "[-7.756981105E9][-18.707896270435622]"
        ),
        ("#set($s=\"\")#set($a=2.446758713945443e-09)$s.format(\"%12.3e\",$a)", "   2.447e-09"),
        (
            "#set($a=-1786016170)#set($b=-9694222001)#set($c=1675604458)#set($r=$a * $b)[$r]#set($r=$a + ($b % $c))[$r]#if($a == $b)T#end",
            "[17314037249355756170][-3102215881]"
        ),
        (
            "#set($a=-68.88)#set($b=-1525692451)#set($c=-52.09)#set($r=$a - $b)[$r]#set($r=$a * ($b + $c))[$r]#if($a <= $b)T#end",
            "[1.52569238212E9][1.0508969961283919E11]"
        ),
        (
            "#set($a=8)#set($b=6998175272)#set($c=10)#set($r=$a * $b)[$r]#set($r=$a * ($b / $c))[$r]#if($a != $b)T#end",
            "[55985402176][5598540216]T"
        ),
        (
            "#set($a=3.89929601708649e-09)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "3.89929601708649E-9 0 0 3.899296E-9 2136894218"
        ),
        ("#set($s=\"\")#set($a=-194092.0)$s.format(\"%+,12f\",$a)", "-194,092.000000"),
        (
            "#set($a=519.6339638622474)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "519.6339638622474 519 519 519.634 455410820"
        ),
        ("#set($s=\"\")#set($a=-6.6758722161264796e+19)$s.format(\"%-12.2f\",$a)", "-66758722161264796000.00"),
        ("#foreach($q in [.5])$q#end", "0.5"),
        ("#set($x=1 - 1e309)$x", "-Infinity"),
        ("#set($s=\"\")#set($a=-832138468.9796796)$s.format(\"%+20.1f\",$a)", "        -832138469.0"),
        (
            "#set($a=4432848231)#set($b=5.299511973731969e+19)#set($c=9.623925063330546e+18)#set($r=$a % $b)[$r]#set($r=$a / ($b * $c))[$r]#if($a < $b)T#end",
            "[4.432848231E9][8.691500350326005E-30]T"
        ),
        (
            "#set($x=4.9e-324)$x.intValue() $x.longValue() $x.doubleValue() $x.floatValue() $x.hashCode() $x.toString().length()",
            "0 0 4.9E-324 0.0 1 8"
        ),
        (
            "#set($a=170762148)#set($b=12.3)#set($c=30e6)#set($r=$a - $b)[$r]#set($r=$a % ($b / $c))[$r]#if($a == $b)T#end",
            "[1.707621357E8][4.012685598390977E-7]"
        ),
        (
            "#set($a=1649939229)#set($b=54.19531)#set($c=57e22)#set($r=$a / $b)[$r]#set($r=$a * ($b - $c))[$r]#if($a > $b)T#end",
            "[3.044431758024818E7][-9.4046536053E32]T"
        ),
        ("#set($s=\"\")#set($a=297.08839426550884)$s.format(\"%020.8g\",$a)", "00000000000297.08839"),
        ("#set($s=\"\")#set($a=0.12538538415714728)$s.format(\"%+15.3f\",$a)", "         +0.125"),
        (
            "#set($a=-763695810)#set($b=5292414091)#set($c=-7.1012203461085364e+19)#set($r=$a + $b)[$r]#set($r=$a + ($b * $c))[$r]#if($a <= $b)T#end",
            "[4528718281][-3.758259862304072E29]T"
        ),
        ("#set($s=\"\")#set($a=3.856410388882968e-09)$s.format(\"%-20.3f\",$a)", "0.000               "),
        ("#set($s=\"\")#set($a=2.9468477374304666e+19)$s.format(\"%+,15f\",$a)", "+29,468,477,374,304,666,000.000000"),
        ("#set($s=\"\")#set($a=442126534.91553783)$s.format(\"% 15g\",$a)", "    4.42127e+08"),
        (
            "#set($a=-9873.97)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "-9873.97 -9873 -9873 -9873.97 -399078797"
        ),
        (
            "#set($a=9.037747899299934e-09)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "9.037747899299934E-9 0 0 9.037748E-9 -825105590"
        ),
        (
            "#set($a=3e10)#set($b=-8.709721005426754e+19)#set($c=-1588577261)#set($r=$a * $b)[$r]#set($r=$a - ($b - $c))[$r]#if($a <= $b)T#end",
            "[-2.612916301628026E30][8.709721008267896E19]"
        ),
        (
            "#set($a=41e-13)#set($b=5.312177755286726e+19)#set($c=86e21)#set($r=$a / $b)[$r]#set($r=$a + ($b % $c))[$r]#if($a < $b)T#end",
            "[7.718115222932147E-32][5.312177755286726E19]T"
        ),
        (
            "#set($a=-0.30826425689929216)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "-0.30826425689929216 0 0 -0.30826426 -1096178330"
        ),
        (
            "#set($a=663639.0)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "663639.0 663639 663639 663639.0 1092894894"
        ),
        (
            "#set($a=-13)#set($b=8.907747636844157e+19)#set($c=46e-2)#set($r=$a + $b)[$r]#set($r=$a % ($b + $c))[$r]#if($a >= $b)T#end",
            "[8.907747636844157E19][-13.0]"
        ),
        (
            "#set($a=81e16)#set($b=1611352235)#set($c=-1657059265)#set($r=$a % $b)[$r]#set($r=$a - ($b / $c))[$r]#if($a <= $b)T#end",
            "[8.60180055E8][8.1E17]"
        ),
        (
            "#set($a=16e5)#set($b=15)#set($c=-14)#set($r=$a / $b)[$r]#set($r=$a % ($b - $c))[$r]#if($a == $b)T#end",
            "[106666.66666666667][12.0]"
        ),
        (
            "#set($a=-1176448540)#set($b=-8659594923)#set($c=1)#set($r=$a * $b)[$r]#set($r=$a - ($b + $c))[$r]#if($a < $b)T#end",
            "[10187567804154762420][7483146382]"
        ),
        (
            "#set($a=14)#set($b=2.1777292496372613e+19)#set($c=4.672012966610685e+19)#set($r=$a * $b)[$r]#set($r=$a / ($b - $c))[$r]#if($a != $b)T#end",
            "[3.0488209494921655E20][-5.612833818675475E-19]T"
        ),
        ("#set($s=\"\")#set($a=-483323074.7349342)$s.format(\"%,15.0g\",$a)", "         -5e+08"),
        (
            "#set($a=0.3672755142123234)$a $a.intValue() $a.longValue() $a.floatValue() $a.hashCode()",
            "0.3672755142123234 0 0 0.3672755 392034189"
        ),
        (
            "#set($a=-1807158443)#set($b=-8682948162)#set($c=-458494483)#set($r=$a * $b)[$r]#set($r=$a - ($b % $c))[$r]#if($a <= $b)T#end",
            "[15691463081089631766][-1377110975]"
        ),
        ("#set($s=\"\")#set($a=5430.09)$s.format(\"%+,12g\",$a)", "   +5,430.09"),
        (
            "#set($a=7.676750670367654e+18)#set($b=80e-15)#set($c=9541473116)#set($r=$a + $b)[$r]#set($r=$a % ($b / $c))[$r]#if($a == $b)T#end",
            "[7.6767506703676539E18][9.365874177240046E-25]"
        ),
        ("#set($s=\"\")#set($a=9.612548318999537e+19)$s.format(\"%+,12.3e\",$a)", nil),
        ("#set($s=\"\")#set($a=991353.0)$s.format(\"%+,15.1e\",$a)", nil),
        ("#set($s=\"\")#set($a=618.7645734230778)$s.format(\"%,20.3e\",$a)", nil),
        ("#set($s=\"\")#set($a=0.7718399696627307)$s.format(\"%+,20.0e\",$a)", nil),
        ("#set($s=\"\")#set($a=5.987936888838723e-09)$s.format(\"%+,12.1e\",$a)", nil),
        (
            "#set($x=1d)$x.intValue() $x.longValue() $x.doubleValue() $x.floatValue() $x.hashCode() $x.toString().length()",
            nil
        ),
        ("#set($s=\"\")#set($a=725.8520351732273)$s.format(\"%,20.1e\",$a)", nil),
        ("#set($s=\"\")#set($a=8.555307714295853e-09)$s.format(\"%+,15.1e\",$a)", nil),
        ("#set($s=\"\")#set($a=0.5769021586536487)$s.format(\"%+,20.0e\",$a)", nil),
        ("#set($s=\"\")#set($a=-5320.35)$s.format(\"%,12.0e\",$a)", nil),
        ("#set($s=\"\")#set($a=2108.55)$s.format(\"%,12.3e\",$a)", nil),
        (
            "#set($x=--1)$x.intValue() $x.longValue() $x.doubleValue() $x.floatValue() $x.hashCode() $x.toString().length()",
            nil
        ),
        ("#set($x=+1 * 2)$x", nil),
    ]

    static let operators: [(template: String, output: String?)] = [
        ("#set($m={\"a\":1})#define($blk)xx#end#set($r=\"none\")#set($r=$m * 'a')[$r]", "[none]"),
        (
            "#set($y=true)#define($blk)xx#end#if($y && 9223372036854775808)T#{else}F#end#set($r=$y && 9223372036854775808)$r",
            "Ffalse"
        ),
        (
            "#set($t=\"abc\")#define($blk)xx#end#if(false < $t.length())T#{else}F#end#set($r=false < $t.length())$r",
            "Ffalse"
        ),
        (
            "#set($t=\"abc\")#set($l2=[1])#set($p=$t.split(\"b\"))#define($blk)xx#end#if($l2 < $p)T#{else}F#end#set($r=$l2 < $p)$r",
            "Ffalse"
        ),
        ("#set($G=99999999999999999999)#define($blk)xx#end#if($G)T#{else}F#end", "T"),
        (
            "#set($s=\"5\")#set($t=\"abc\")#set($p=$t.split(\"b\"))#define($blk)xx#end#if($p <= $s)T#{else}F#end#set($r=$p <= $s)$r",
            "Ffalse"
        ),
        ("#set($B=9223372036854775807)#define($blk)xx#end[$B.length]", "[]"),
        ("#set($y=true)#define($blk)xx#end#if([1] < $y)T#{else}F#end#set($r=[1] < $y)$r", "Ffalse"),
        ("#define($blk)xx#end#if(true && $u.v())T#{else}F#end#set($r=true && $u.v())$r", "Ttrue"),
        ("#set($f=false)#define($blk)xx#end#if($blk <= $f)T#{else}F#end#set($r=$blk <= $f)$r", "Ffalse"),
        ("#set($j=0)#set($m2={\"a\":1})#define($blk)xx#end#if($j == $m2)T#{else}F#end#set($r=$j == $m2)$r", "Ffalse"),
        ("#set($nm={})#define($blk)xx#end#if($nm.q >= \"5\")T#{else}F#end#set($r=$nm.q >= \"5\")$r", "Ffalse"),
        ("#set($n=-3)#define($blk)xx#end#if($u < $n)T#{else}F#end#set($r=$u < $n)$r", "Ffalse"),
        (
            "#set($m={\"a\":1})#set($vs=$m.values())#define($blk)xx#end#if(2.5 && $vs)T#{else}F#end#set($r=2.5 && $vs)$r",
            "Ffalse"
        ),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end#if([] <= $c)T#{else}F#end#set($r=[] <= $c)$r",
            "Ffalse"
        ),
        (
            "#set($m={\"a\":1})#set($B=9223372036854775807)#set($vs=$m.values())#define($blk)xx#end#if($vs <= $B)T#{else}F#end#set($r=$vs <= $B)$r",
            "Ffalse"
        ),
        ("#set($s=\"5\")#define($blk)xx#end#if($s || [1])T#{else}F#end#set($r=$s || [1])$r", "Ttrue"),
        ("#define($blk)xx#end#if([1] && $blk)T#{else}F#end#set($r=[1] && $blk)$r", "Ffalse"),
        ("#define($blk)xx#end#if([1..1] >= 5)T#{else}F#end#set($r=[1..1] >= 5)$r", "Ffalse"),
        ("#set($i=5)#define($blk)xx#end#if(\"$i\" || 1)T#{else}F#end#set($r=\"$i\" || 1)$r", "Ffalse"),
        ("#define($blk)xx#end#if(\"\" >= $u)T#{else}F#end#set($r=\"\" >= $u)$r", "Ffalse"),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end#if($c >= \"\")T#{else}F#end#set($r=$c >= \"\")$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#if([] < 0)T#{else}F#end#set($r=[] < 0)$r", "Ffalse"),
        ("#set($s=\"5\")#define($blk)xx#end#if(1e3 >= $s)T#{else}F#end#set($r=1e3 >= $s)$r", "Ffalse"),
        (
            "#set($m2={\"a\":1})#set($B=9223372036854775807)#define($blk)xx#end#if($B >= $m2)T#{else}F#end#set($r=$B >= $m2)$r",
            "Ffalse"
        ),
        ("#set($L=5000000000)#set($z=\"\")#define($blk)xx#end#if($z >= $L)T#{else}F#end#set($r=$z >= $L)$r", "Ffalse"),
        ("#set($f=false)#define($blk)xx#end#if($f == \"abc\")T#{else}F#end#set($r=$f == \"abc\")$r", "Ffalse"),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end#if(0 <= $c)T#{else}F#end#set($r=0 <= $c)$r",
            "Ffalse"
        ),
        (
            "#define($blk)xx#end#if(9223372036854775808 == 'a')T#{else}F#end#set($r=9223372036854775808 == 'a')$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#set($r=\"q$yq\")$r", "q"),
        ("#set($m2={\"a\":1})#define($blk)xx#end#if($m2 <= true)T#{else}F#end#set($r=$m2 <= true)$r", "Ffalse"),
        (
            "#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#if(2.5 >= $ks)T#{else}F#end#set($r=2.5 >= $ks)$r",
            "Ffalse"
        ),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end#if($c == 5.0)T#{else}F#end#set($r=$c == 5.0)$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#if('a' != 5.0)T#{else}F#end#set($r='a' != 5.0)$r", "Ttrue"),
        ("#set($l=[1])#define($blk)xx#end$l[$u]", ""),
        (
            "#set($y=true)#set($m={\"a\":1})#set($vs=$m.values())#define($blk)xx#end#if($vs && $y)T#{else}F#end#set($r=$vs && $y)$r",
            "Ttrue"
        ),
        ("#set($m={\"a\":1})#define($blk)xx#end#if($m.a == $blk)T#{else}F#end#set($r=$m.a == $blk)$r", "Ffalse"),
        ("#set($m={\"a\":1})#define($blk)xx#end#if(1e3 < $m.a)T#{else}F#end#set($r=1e3 < $m.a)$r", "Ffalse"),
        ("#define($blk)xx#end#if(\"5\" != [1..1])T#{else}F#end#set($r=\"5\" != [1..1])$r", "Ttrue"),
        ("#set($n=-3)#define($blk)xx#end#if({} < $n)T#{else}F#end#set($r={} < $n)$r", "Ffalse"),
        ("#set($j=0)#set($y=true)#define($blk)xx#end#if($j != $y)T#{else}F#end#set($r=$j != $y)$r", "Ttrue"),
        (
            "#set($m={\"a\":1})#set($M=2147483647)#set($vs=$m.values())#define($blk)xx#end#if($M < $vs)T#{else}F#end#set($r=$M < $vs)$r",
            "Ffalse"
        ),
        ("#set($y=true)#set($m={\"a\":1})#define($blk)xx#end#if($y < $m)T#{else}F#end#set($r=$y < $m)$r", "Ffalse"),
        (
            "#set($i=5)#set($t=\"abc\")#define($blk)xx#end#if(\"$i\" >= $t)T#{else}F#end#set($r=\"$i\" >= $t)$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#if($u.v() && $u)T#{else}F#end#set($r=$u.v() && $u)$r", "Ttrue"),
        ("#set($j=0)#define($blk)xx#end#if($j && 2.5)T#{else}F#end#set($r=$j && 2.5)$r", "Ffalse"),
        ("#set($G=99999999999999999999)#define($blk)xx#end#if({} != $G)T#{else}F#end#set($r={} != $G)$r", "Ttrue"),
        ("#set($f=false)#set($l=[1])#define($blk)xx#end#if($l >= $f)T#{else}F#end#set($r=$l >= $f)$r", "Ffalse"),
        ("#set($G=99999999999999999999)#define($blk)xx#end#if(\"\" < $G)T#{else}F#end#set($r=\"\" < $G)$r", "Ffalse"),
        ("#set($j=0)#define($blk)xx#end[$j.a]", "[]"),
        (
            "#set($t=\"abc\")#set($l=[1])#set($p=$t.split(\"b\"))#define($blk)xx#end#if($p >= $l[0])T#{else}F#end#set($r=$p >= $l[0])$r",
            "Ffalse"
        ),
        ("#set($s=\"5\")#define($blk)xx#end#if(2147483648 >= $s)T#{else}F#end#set($r=2147483648 >= $s)$r", "Ffalse"),
        ("#set($n=-3)#set($z=\"\")#define($blk)xx#end#if($z || $n)T#{else}F#end#set($r=$z || $n)$r", "Ttrue"),
        ("#set($d=2.5)#define($blk)xx#end#if($d || \"5\")T#{else}F#end#set($r=$d || \"5\")$r", "Ttrue"),
        ("#set($n=-3)#define($blk)xx#end#if($n && {\"a\":1})T#{else}F#end#set($r=$n && {\"a\":1})$r", "Ffalse"),
        ("#set($t=\"abc\")#define($blk)xx#end#if(true == $t)T#{else}F#end#set($r=true == $t)$r", "Ffalse"),
        ("#set($i=5)#define($blk)xx#end#if(\"$i\" != {\"a\":1})T#{else}F#end#set($r=\"$i\" != {\"a\":1})$r", "Ttrue"),
        ("#set($M=2147483647)#define($blk)xx#end#if($M <= .5)T#{else}F#end#set($r=$M <= .5)$r", "Ffalse"),
        (
            "#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#if(-1 == $ks)T#{else}F#end#set($r=-1 == $ks)$r",
            "Ffalse"
        ),
        (
            "#set($m={\"a\":1})#set($z=\"\")#set($ks=$m.keySet())#define($blk)xx#end#if($z < $ks)T#{else}F#end#set($r=$z < $ks)$r",
            "Ffalse"
        ),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m.b={\"a\":1})$m", "{a=1, b={a=1}}"),
        ("#set($n=-3)#define($blk)xx#end#if($u == $n)T#{else}F#end#set($r=$u == $n)$r", "Ffalse"),
        ("#set($l=[1])#define($blk)xx#end#if($l[0] == [1..1])T#{else}F#end#set($r=$l[0] == [1..1])$r", "Ffalse"),
        (
            "#set($L=5000000000)#set($m={\"a\":1})#define($blk)xx#end#if($m >= $L)T#{else}F#end#set($r=$m >= $L)$r",
            "Ffalse"
        ),
        ("#set($L=5000000000)#set($m={\"a\":1})#define($blk)xx#end#set($m[$L]=9)$m", "{a=1, 5000000000=9}"),
        ("#define($blk)xx#end#set($r=[\"abc\",\"abc\"])$r", "[abc, abc]"),
        (
            "#set($s=\"5\")#set($t=\"abc\")#define($blk)xx#end#if($t.length() != $s)T#{else}F#end#set($r=$t.length() != $s)$r",
            "Ttrue"
        ),
        (
            "#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#if($ks >= 1)T#{else}F#end#set($r=$ks >= 1)$r",
            "Ffalse"
        ),
        ("#set($i=5)#set($j=0)#define($blk)xx#end#if($i le $j)T#{else}F#end#set($r=$i le $j)$r", "Ffalse"),
        (
            "#set($t=\"abc\")#set($y=true)#set($p=$t.split(\"b\"))#define($blk)xx#end#if($p || $y)T#{else}F#end#set($r=$p || $y)$r",
            "Ttrue"
        ),
        ("#set($z=\"\")#define($blk)xx#end#if(0.0 || $z)T#{else}F#end#set($r=0.0 || $z)$r", "Ttrue"),
        ("#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end[$c.b.c]", "[]"),
        ("#set($i=5)#define($blk)xx#end#if({\"a\":1} || \"$i\")T#{else}F#end#set($r={\"a\":1} || \"$i\")$r", "Ffalse"),
        (
            "#set($t=\"abc\")#set($p=$t.split(\"b\"))#define($blk)xx#end#if(true >= $p)T#{else}F#end#set($r=true >= $p)$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#if(0.0 && 'a')T#{else}F#end#set($r=0.0 && 'a')$r", "Ffalse"),
        ("#set($m2={\"a\":1})#define($blk)xx#end#if($m2 == false)T#{else}F#end#set($r=$m2 == false)$r", "Ffalse"),
        ("#set($m={\"a\":1})#define($blk)xx#end#if(\"\" != $m)T#{else}F#end#set($r=\"\" != $m)$r", "Ttrue"),
        ("#define($blk)xx#end#if(\"abc\" <= false)T#{else}F#end#set($r=\"abc\" <= false)$r", "Ffalse"),
        ("#set($l=[1])#define($blk)xx#end#if($l == [1..1])T#{else}F#end#set($r=$l == [1..1])$r", "Ttrue"),
        ("#set($m={\"a\":1})#define($blk)xx#end#if($m.a > -1)T#{else}F#end#set($r=$m.a > -1)$r", "Ttrue"),
        (
            "#set($y=true)#set($m={\"a\":1})#set($vs=$m.values())#define($blk)xx#end#if($y != $vs)T#{else}F#end#set($r=$y != $vs)$r",
            "Ttrue"
        ),
        (
            "#set($m={\"a\":1})#set($M=2147483647)#define($blk)xx#end#if($M && $m.a)T#{else}F#end#set($r=$M && $m.a)$r",
            "Ttrue"
        ),
        ("#define($blk)xx#end#set($r=[\"5\",\"5\"])$r", "[5, 5]"),
        ("#set($s=\"5\")#set($m={\"a\":1})#define($blk)xx#end#if($m != $s)T#{else}F#end#set($r=$m != $s)$r", "Ttrue"),
        (
            "#set($l=[1])#set($G=99999999999999999999)#define($blk)xx#end#if($l < $G)T#{else}F#end#set($r=$l < $G)$r",
            "Ffalse"
        ),
        ("#set($n=-3)#define($blk)xx#end#if($n || 5)T#{else}F#end#set($r=$n || 5)$r", "Ttrue"),
        ("#set($l2=[1])#define($blk)xx#end#if([1] == $l2)T#{else}F#end#set($r=[1] == $l2)$r", "Ttrue"),
        ("#set($B=9223372036854775807)#define($blk)xx#end#if([1] != $B)T#{else}F#end#set($r=[1] != $B)$r", "Ttrue"),
        ("#set($i=5)#set($s=\"5\")#define($blk)xx#end#if($s <= \"$i\")T#{else}F#end#set($r=$s <= \"$i\")$r", "Ffalse"),
        ("#set($d=2.5)#set($m2={\"a\":1})#define($blk)xx#end#if($d && $m2)T#{else}F#end#set($r=$d && $m2)$r", "Ttrue"),
        ("#set($d=2.5)#define($blk)xx#end#if(true < $d)T#{else}F#end#set($r=true < $d)$r", "Ffalse"),
        ("#set($d=2.5)#set($m={\"a\":1})#define($blk)xx#end#if($d <= $m)T#{else}F#end#set($r=$d <= $m)$r", "Ffalse"),
        ("#define($blk)xx#end#if($u != [])T#{else}F#end#set($r=$u != [])$r", "Ttrue"),
        ("#define($blk)xx#end#if('a' && [1])T#{else}F#end#set($r='a' && [1])$r", "Ffalse"),
        ("#set($t=\"abc\")#set($y=true)#define($blk)xx#end#if($t > $y)T#{else}F#end#set($r=$t > $y)$r", "Ffalse"),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m.b=$m.a)$m", "{a=1, b=1}"),
        (
            "#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#if($ks <= $u.v())T#{else}F#end#set($r=$ks <= $u.v())$r",
            "Ffalse"
        ),
        (
            "#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#if($blk && $ks)T#{else}F#end#set($r=$blk && $ks)$r",
            "Ttrue"
        ),
        ("#set($l2=[1])#define($blk)xx#end#if($l2 != [1..1])T#{else}F#end#set($r=$l2 != [1..1])$r", "Ffalse"),
        (
            "#set($i=5)#set($m={\"a\":1})#set($vs=$m.values())#define($blk)xx#end#if($i > $vs)T#{else}F#end#set($r=$i > $vs)$r",
            "Ffalse"
        ),
        ("#define($blk)xx#end#if($blk >= [])T#{else}F#end#set($r=$blk >= [])$r", "Ffalse"),
        ("#set($s=\"5\")#define($blk)xx#end#if($s >= false)T#{else}F#end#set($r=$s >= false)$r", "Ffalse"),
        ("#set($i=5)#set($m={\"a\":1})#define($blk)xx#end#set($m[\"$i\"]=9)$m", "{a=1, 5=9}"),
        ("#set($l=[1])#define($blk)xx#end#if($l != true)T#{else}F#end#set($r=$l != true)$r", "Ttrue"),
        ("#set($z=\"\")#define($blk)xx#end#if($z > \"abc\")T#{else}F#end#set($r=$z > \"abc\")$r", "Ffalse"),
        (
            "#set($G=99999999999999999999)#define($blk)xx#end#if($G || $u.v())T#{else}F#end#set($r=$G || $u.v())$r",
            "Ttrue"
        ),
        ("#set($j=0)#define($blk)xx#end#if(2.5 > $j)T#{else}F#end#set($r=2.5 > $j)$r", "Ttrue"),
        ("#set($G=99999999999999999999)#define($blk)xx#end#if(-1 < $G)T#{else}F#end#set($r=-1 < $G)$r", "Ttrue"),
        ("#set($e=0.0)#define($blk)xx#end#if($e && 1e3)T#{else}F#end#set($r=$e && 1e3)$r", "Ffalse"),
        ("#define($blk)xx#end#if(-1 < 5.0)T#{else}F#end#set($r=-1 < 5.0)$r", "Ttrue"),
        ("#set($j=0)#set($l=[1])#define($blk)xx#end#if($l || $j)T#{else}F#end#set($r=$l || $j)$r", "Ttrue"),
        ("#define($blk)xx#end#if(1 > $u.v())T#{else}F#end#set($r=1 > $u.v())$r", "Ffalse"),
        ("#set($l=[1])#define($blk)xx#end#if(1 >= $l[0])T#{else}F#end#set($r=1 >= $l[0])$r", "Ttrue"),
        ("#set($t=\"abc\")#define($blk)xx#end#if(0.0 >= $t)T#{else}F#end#set($r=0.0 >= $t)$r", "Ffalse"),
        (
            "#set($m={\"a\":1})#set($z=\"\")#define($blk)xx#end#if($z && $m.a)T#{else}F#end#set($r=$z && $m.a)$r",
            "Ttrue"
        ),
        ("#set($m={\"a\":1})#define($blk)xx#end#if([] >= $m)T#{else}F#end#set($r=[] >= $m)$r", "Ffalse"),
        ("#set($M=2147483647)#define($blk)xx#end#if($M < {})T#{else}F#end#set($r=$M < {})$r", "Ffalse"),
        ("#set($l2=[1])#set($m={\"a\":1})#define($blk)xx#end$m[$l2]", ""),
        ("#set($L=5000000000)#set($s=\"5\")#define($blk)xx#end#if($s < $L)T#{else}F#end#set($r=$s < $L)$r", "Ffalse"),
        ("#set($e=0.0)#set($m={\"a\":1})#define($blk)xx#end#if($m == $e)T#{else}F#end#set($r=$m == $e)$r", "Ffalse"),
        ("#define($blk)xx#end#if(5 <= [])T#{else}F#end#set($r=5 <= [])$r", "Ffalse"),
        ("#set($n=-3)#define($blk)xx#end#if($n >= -1)T#{else}F#end#set($r=$n >= -1)$r", "Ffalse"),
        ("#set($s=\"5\")#define($blk)xx#end#if($s != \"abc\")T#{else}F#end#set($r=$s != \"abc\")$r", "Ttrue"),
        ("#define($blk)xx#end#if($u <= 5)T#{else}F#end#set($r=$u <= 5)$r", "Ffalse"),
        (
            "#set($d=2.5)#set($B=9223372036854775807)#define($blk)xx#end#if($d != $B)T#{else}F#end#set($r=$d != $B)$r",
            "Ttrue"
        ),
        ("#set($e=0.0)#define($blk)xx#end#if(1e3 <= $e)T#{else}F#end#set($r=1e3 <= $e)$r", "Ffalse"),
        ("#set($l=[1])#define($blk)xx#end$l.get([1])", ""),
        (
            "#set($L=5000000000)#set($l2=[1])#define($blk)xx#end#if($L <= $l2)T#{else}F#end#set($r=$L <= $l2)$r",
            "Ffalse"
        ),
        (
            "#set($G=99999999999999999999)#define($blk)xx#end#if($G && 2147483648)T#{else}F#end#set($r=$G && 2147483648)$r",
            "Ffalse"
        ),
        ("#set($M=2147483647)#define($blk)xx#end#if(2.5 < $M)T#{else}F#end#set($r=2.5 < $M)$r", "Ttrue"),
        (
            "#set($m={\"a\":1})#set($vs=$m.values())#define($blk)xx#end#if($vs != $u)T#{else}F#end#set($r=$vs != $u)$r",
            "Ttrue"
        ),
        ("#define($blk)xx#end#if(1 <= 2147483648)T#{else}F#end#set($r=1 <= 2147483648)$r", "Ttrue"),
        ("#set($i=5)#set($e=0.0)#define($blk)xx#end#if($e != $i)T#{else}F#end#set($r=$e != $i)$r", "Ttrue"),
        ("#set($j=0)#define($blk)xx#end#if($j <= 0)T#{else}F#end#set($r=$j <= 0)$r", "Ttrue"),
        ("#set($d=2.5)#define($blk)xx#end#if(1e3 == $d)T#{else}F#end#set($r=1e3 == $d)$r", "Ffalse"),
        (
            "#set($t=\"abc\")#set($p=$t.split(\"b\"))#define($blk)xx#end#if($p && $u.v())T#{else}F#end#set($r=$p && $u.v())$r",
            "Ttrue"
        ),
        ("#set($i=5)#define($blk)xx#end#if(\"$i\" < false)T#{else}F#end#set($r=\"$i\" < false)$r", "Ffalse"),
        ("#define($blk)xx#end#if(5.0 != 1)T#{else}F#end#set($r=5.0 != 1)$r", "Ttrue"),
        ("#define($blk)xx#end#if(5.0 && 5.0)T#{else}F#end#set($r=5.0 && 5.0)$r", "Ffalse"),
        ("#set($i=5)#define($blk)xx#end#set($r={\"k\":\"$i\"})$r", "{k=5}"),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#define($blk)xx#end#if($c != .5)T#{else}F#end#set($r=$c != .5)$r",
            "Ttrue"
        ),
        ("#define($blk)xx#end#if(\"\" == \"\")T#{else}F#end#set($r=\"\" == \"\")$r", "Ttrue"),
        (
            "#set($L=5000000000)#set($M=2147483647)#define($blk)xx#end#if($L && $M)T#{else}F#end#set($r=$L && $M)$r",
            "Ttrue"
        ),
        ("#set($G=99999999999999999999)#define($blk)xx#end#if({} == $G)T#{else}F#end#set($r={} == $G)$r", "Ffalse"),
        ("#set($d=2.5)#define($blk)xx#end#if($d > [1])T#{else}F#end#set($r=$d > [1])$r", "Ffalse"),
        ("#define($blk)xx#end#set($r=!$blk)$r", "false"),
        (
            "#set($t=\"abc\")#set($c=$t.charAt(0))#set($p=$t.split(\"b\"))#define($blk)xx#end#if($c && $p)T#{else}F#end#set($r=$c && $p)$r",
            "Ttrue"
        ),
        ("#set($e=0.0)#define($blk)xx#end#if($e || [1])T#{else}F#end#set($r=$e || [1])$r", "Ttrue"),
        ("#define($blk)xx#end#if(1e3 != $u.v())T#{else}F#end#set($r=1e3 != $u.v())$r", "Ttrue"),
        ("#set($i=5)#set($l=[1])#define($blk)xx#end$l[$i]", nil),
        ("#define($blk)xx#end#set($r=[1..'a'])$r", nil),
        ("#set($y=true)#define($blk)xx#end#set($r=-$y)$r", nil),
        ("#set($t=\"abc\")#define($blk)xx#end$t[1e3]", nil),
        ("#set($s=\"5\")#define($blk)xx#end#set($r=-$s)$r", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end$m[.5]", nil),
        ("#set($l=[1])#define($blk)xx#end#set($l[5]=9)$l", nil),
        ("#set($l=[1])#define($blk)xx#end#set($l[[]]=9)$l", nil),
        ("#set($l=[1])#define($blk)xx#end$l[{\"a\":1}]", nil),
        ("#set($i=5)#define($blk)xx#end#set($r=\"q\"$i\"q\")$r", nil),
        ("#define($blk)xx#end#set($r=-$blk)$r", nil),
        ("#define($blk)xx#end#set($r=[{}..3])$r", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($r=-$m)$r", nil),
        ("#define($blk)xx#end#set($r=[[]..3])$r", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m[{\"a\":1}]=9)$m", nil),
        ("#define($blk)xx#end#set($r=['a'..3])$r", nil),
        ("#set($m={\"a\":1})#set($ks=$m.keySet())#define($blk)xx#end#set($r=-$ks)$r", nil),
        ("#set($l=[1])#set($m={\"a\":1})#define($blk)xx#end#set($l[$m.a]=9)$l", nil),
        ("#set($n=-3)#define($blk)xx#end#set($r=-$n)$r", nil),
        ("#define($blk)xx#end#set($r=-'a')$r", nil),
        ("#set($t=\"abc\")#define($blk)xx#end$t[[1]]", nil),
        ("#set($n=-3)#set($t=\"abc\")#define($blk)xx#end$t[$n]", nil),
        ("#define($blk)xx#end#set($r=[[1]..3])$r", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m[.5]=9)$m", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m[5.0]=9)$m", nil),
        ("#set($i=5)#define($blk)xx#end#set($r=[1..\"$i\"])$r", nil),
        ("#define($blk)xx#end#set($r=-false)$r", nil),
        ("#set($G=99999999999999999999)#define($blk)xx#end#set($r=[1..$G])$r", nil),
        ("#set($m={\"a\":1})#define($blk)xx#end#set($m[[]]=9)$m", nil),
        ("#set($l=[1])#define($blk)xx#end#set($l[$l[0]]=9)$l", nil),
        ("#define($blk)xx#end#set($r=[2147483648..3])$r", nil),
    ]
}
