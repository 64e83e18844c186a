"""Small models that Keras itself saved, packed (zlib, base 85), with what Keras then made of some latent values.

NESTED is a functional model with a Sequential in it: linear 3->8, batch norm, leaky ReLU, reshape, a transposed
convolution of 5x5 by 2, batch norm without a scale, ReLU, enlarged, dropout, a convolution of 4x4, tanh. PLAIN is a
Sequential: reshape, a transposed convolution of 3x3, flatten, batch norm, linear, sigmoid, reshape. Written by
TensorFlow 2.21 with tf_keras 2.21 (Keras 2) and with Keras 3.15.
"""

import base64
import zlib

NESTED_LATENTS = [[-1, 0, -1], [0, -3, 0]]
# (2, height, width, channels) in ten thousandths, one behind the other
NESTED_SHAPE, NESTED_PICTURES = (
    (2, 8, 8, 1),
    [
        int(word)
        for word in """
-180 164 -479 -1056 -1249 -492 -517 -1423 -208 99 -673 -1046 -666 749 -55 -2057 -1343 -2008 -1886 -417 -1406 -1829
-783 -1885 -2527 -3550 -2446 1023 -1593 -4986 -3487 -1179 -2259 -3217 -1832 1812 705 -1280 -3809 -3148 -2508 -2547
-321 2117 -572 1100 1679 -2331 -2229 -2183 318 865 -646 1439 3255 -438 502 -409 -127 -127 496 2260 -602 -2026 -163
119 -408 -483 -1114 -1382 -770 -1142 -213 -14 -533 -150 -843 -1376 -910 -1393 -1394 -1913 -1419 -510 -703 -1008
-1338 -1626 -1980 -2725 -2074 -1013 -1738 -2129 -1414 -987 -996 -1393 -1344 -187 -1274 -1745 -1222 -1293 -1309 -705
-169 285 -652 -829 -253 -1083 -1824 -1654 244 -44 219 738 268 -568 282 -526 -335 -299 7 751 -152 -834
""".split()
    ],
)
PLAIN_LATENTS = [[0, 2], [3, 0]]
# (2, height, width, channels) in ten thousandths, one behind the other
PLAIN_SHAPE, PLAIN_PICTURES = (
    (2, 4, 4, 3),
    [
        int(word)
        for word in """
5420 4363 5799 4747 5295 4266 4750 5142 5553 4742 6668 6147 5496 4920 7283 5625 4680 5802 4200 3539 6560 5542 5435
4325 6878 3433 5610 5180 2791 6336 3228 6912 5054 2939 5618 3559 4648 4447 4398 7799 4391 3650 4757 4245 6444 4559
5532 5068 3573 5839 5739 3305 5426 3367 5533 6251 5493 4283 6190 6590 3591 5016 7705 5531 4702 3810 4757 2721 5015
4200 4904 4657 8178 2901 6163 5871 4190 4488 3818 7663 4182 2404 5629 2732 5874 6518 4066 8703 3685 2190 5310 4731
6306 5624 4937 5469
""".split()
    ],
)
_PACKED = {
    "k2_nested.h5": """
c-rk8OHdrgb(WtuGWsQ{GLl`DF)o*tGDf=#N{|%6MnW>KNEQWBLQHLT2X<JdG&{4InZ+n7DtmNp9DURw2Osy~0~aBVKI*6=M;|%(pqtXK`}IzDGy4G{0%E$@>h12=@
7M43>v`M5f2JnyoIZ8&lm;c4)OxgYnpj?ADf~lj^YH@K39P@v`iCyw-%G~^u>Tz5*SqD34`y!PhQ@29G#I(Ws-zZ|lUSy1|9KkfIc#%#`l(BXE4xM0&VOrKrRBgE>@
vGgy64eeRlDxjrqF!PXul;^`N;GPKfhvnzU4Zk|3V@`XP#^Dkd*wSPcY^L#h1nJNs4d5SbStU#kP1(33$3BzD`p-OdpG`vt*St%9qv>-^g!5eBCYlce{_Z^$z_vIfU
@BDaZax${3FqeKMToRH{Kfqxt4PtELlJhRyl|x01Kb6=KV>hjY8t+xYKP4{I;?asORLyYDA{GN9SUW7Eq!M%nbWmVS~*G<;30-xK_>SMkf9mj11E?B9JI?K@h>`wsB
@<*oa76M_OII8rjhne=cfl=BqUf$8|Jw`9BDhI>V0{~+bb;G%8#KGo>pHGS|-)maP(i-tWoqz|(Fi1a@h<N$P8VJz?r%P|&g=ncH8NxJCb_@q6rqWucY<t_{>XcvrN
aXHVd$zL`q06p(iZF@)`$q~?E@R;@u5)q7GBm>j^isAXtxn$Tr(DjT`$t(&ToGe-?OmZtI7DBB>gIUgkTXl+ghloif$q_(Rn%RcYH&K!=0US}aq$AZ5A?_rxA+w33M
Lrf`4pB^29V-A;jFImKv9uKf=mU^#Ii^ANQ1#9Hf@Syu=fr&+vYS|BHc_heFQPEuf*50!QXHiIH7tz#lwnDZFKyRzgNKf_<a%XA9^a&z0u_U0cxK7+1Jg5$d^R5e#@
>*RZ%ohiW%{jYqVxoyY8xI>W!Av>i5#KowSvddqllBR;M1iG6qLILqAcSknCaI<n;<J&$!IfS_Ux#T9U6_XYEkz|gXx#uGI6bHnRKLvuU;iRX2rK`YDB5wR4NS|5C|
$PBJ~#yk;Z}<7>B)vC8Jz^Q=<1Bb5AtO?uzA<@@3O-4qIF#y+X{+a2Cx&7Mw0{q}j7&i1s9y6y*<WPDc)L*EAkIo-yw}Y~lwtj1%&CySf+qw=2sAHSbJ{mCV(#RAwZ
T8I59M#$+KQnguT$?T~z6cqLPaLzy8R{&G>YZ@JD&X7Yh&IDW-#8Z{OHs+bQ%unw77vh09G(~)o&^T|pAXIF;wE3ik9g|aYyQ%*@&#V8huMbhXDTmX85EI7mhBcMzz
8xBF{=ZQc89k*<{Q{_D)py<igLbsrj=T<9#Jsn4}V;05W$WsmA_!An$+lX%LbhXF$Hu9$NjT>4V;Nk%Hb^=_B*tXZGRyJ0N`s}J1GUAve;yo*7-nU%}PYfOqE<@0A?
IP=m;_G2$)+krV?pw-CHsP;Y$@?6pxCcIYaN&`pUD&X|H!H5)hzSr8OfnYvY~{HXvLQ8lx(Y`-WEMkJYWNDM)3rzt;&B^wEXIhY0la10-dD6v?~c}^L;9!^t$Bn!q-
Y%&&ax7#QJ6SXAAtwXoS3AMb1J*?H1qR98Ye~no~-3^xwYI7Pk4lR7!@{`3(o~2lteR40oT?Vxk53|rshF=#eAcXFYRlSpL?%KUXTBtb{cEuiI+ih*T}H;EA0Om>xd
)CWg%M9IU*mQwx7pC9i96=!hh0yUOpW`u^-_->tvolk;{ESl0STcxXjF}A=eqKKWa$_A|jh|7U9my`fXt4zqVd%p{EcV<g;1%umwB~yEx(33g0xZrV1r4SX|-~m$<|
wE^&!VT;Az2`}O_F1ih7j_b7VgdjRUaiMT|Ugw`E-Pip!L)So8alhT^sbBs%TPfEBa#r?AWxoU5$Odsez(A}Un^?R941>5VNbNgmx;|m#X8{1k+zL%w^WVpgSt82M;
YyJ3rGgV*mz03iP-CqkYoSoMvQ1@AF^nGpgHD0LV_su%pZ&p#y10CMWoF0|!EG{Q=zo~P-<onKSYdd?DljGWc{Y2d_`n6Xr{iNN!OrAgF^%=pqAs6<c(1u*vMWGEiF
9>bO4SpoF0oPffeHLMO8>)|mHsnq}721$u`$T91kDm$cekxN!(l^)BMw+!>j&$bNKl~x~>)5Y%zc2A>M21r{!EgG$1UpCcHqHk-6EfZbL_Bs=rjz=M3^#}E)qB|Ha!
o7e5^S%}u=*0Gb4QT}+l49FFV@pCoa$%)zvl_|-UVkYfs!S<SVy;VKHS|Npi|H5zr){@bnSzr_QAh#yq7@2cvlxgm_!TdPVD?qjs(1{9;xTl@2|u@zQ2+Lj~pkKPd+
K~{T%tMZ?d-b3_tMw28qt3F5q|Q+rqxuGxohk=1n~(-UWRCyUB2FZ{q2m!0n8)IUEPj8X$AF$XJc^ZH=>!w#oVc4sd6&&1;~Qe9q<otoA&_N9`49)B)cn8v}k|URJ<
e=dzN|&L-mxbWlgRo|3+&oS$(<ZyjZ)G`J2?9+>-LlhFh?z&|j-<^z2g=QLovhJ93~@lfyC@sKaT0rXy=40KI!UUoc`O&@2n(H(A+jb%{|fB{*yQ5PTwjEx~5pf`{i
c-J_MiBM-6>b{P6>IkQ!eCw!hkh_L3I|#oe=&Xi3!gvAYFL0U~)58l~qf2N@JDlDP2D^i63iz}d8`DwF0@~iC38pW=3;p%+P#@G*Y7EyFx1So*3)m}sU*|T0xOb3#4
L@1LyNx=~H^a3mppENjlUcqlsK+h*03TGJsE2KF4R0`*0{R^A`T}*DMLIg_NqZ)&?Q^ysI?~%hev(<X)<43Ul246%UQRIEtxPZ+e2xA~+N<QVF%j>Naf!>joTrX{zE
scU?Vc~UZpr8ExSZ_gOa2@;cT<MrcaiuVCiUi4)EzMCd9m$t(SVfyNgmj9(Day`!RF<=Bef3fxhVXv9m(5mPXAcfZ?=Zxde{Hf8jkyaYVNr2i-%=bm1AL7&EkZbM`;
%)e*P-XL&kApcOJ4f^>*`+yZsq|f9px0e`-?A^JiU3f3xxZ`~N!n|D5ulYu@e#s^-sLPQ|u)ko%&VuWtMQtnNogfw-K^eUbk^obT_+aQi(s>-#+CbSwMa{`a|`uQ7=
JV{m>B@4f8YYYorO+1bChhU5C5{^n%wi|X%l?e@i=9>nLxcwY?nMeaxSnbzk;{=!;9*-!Uc==)Jx<a<?gTzx;RK|ks}um=3W-`8t*zUA)`_9**#Lg{ZdzW;sy7u@%^
w8KB&c7^wp{@Pg{WMek=xxJhZ5(j1{KVFwD@TlfN4l6ITas7DYg$_#}FW(7$9Nc;O)%D|Wo<2N%^!({K=p%mLBQAS6@A7@~X-@U4gFQd;=QH&^jDvnp;eY%2oGt
""",
    "k3_nested.keras": """
c-rk<O>7&-6<+GcX8cnqh=Vvm+H3>_kqen2_2bA!EHkkjtF~Y({wV~z0<|Jn<l4*KHFqgXagDHrktjt1=#WDY6oC&p_}~IUk%JGlq7+78AU){NgAYCE&_fP6=-5Mmb
Y|xbxij1)DT<=ZXa?RaXXee{n>X)$GxM|=Kil4MKqBE)>FSMd@5j+E{Om_hR&|t=;wX`8wrSkzzOLpJJ29)~Y|S*fkICKrk=S4)*4-<2BPumvE3;|}r}stsjvS7~4)
+bjV@Hq0jvR{(cHbUnn)>ehFYiTOktF==MJY+sn9<VEP}WT4brsj-HW{&V$p}hQbvrVXH<Au&UeR&0NnNq+grQ_z;&<6Rw?>qHtD6#(3MbrNJ2^!&lxepqCzn@IlCI
37@uB$D@@_z0S-Zb8th_UZGr4xB6(^ZV*crvbbXSeMuJ_9QlbB!5yhXaCn~KxlhYQ-4lCyE*jH27PFF7Thb{R?&XoDJVFyVHG48*ix+(3I9msZo7?Wj35MLSB`53WT
srp>&8$Pueu7EGdg%Ggjo{)_63ylOaFAm43<z=!LU9W^vIatV=+o4S^q51M6QX+<WWNx_Nc^ffi<Bs9$B*g&-Z$WZL)(ZRuiH;)Y6Zb50-m@N3sZs4#+R0DO#pW`W-
xBXL#bMl7f;7J=ozZJCLXB7t&maZA9;&Lf(tBGk%u|51my)slip`p@9QnmLHJAJwx@#OoA;k0h%Oy{zp&6v3?Hws&I=MN;1Oq(+2E;UFq^A49-d8Bv*o9yrvHD}svM
=Q4pY(fNiUCBYK(0{i-zBy0|HDbF$;&6rhGH&D*q%_`lXD?CgUS+P}`tq8dN_hBAI9;~zZf{8b-@&W*9GX<jNg`1GGD?=Y!Be)7)>Gy*EPjV$=y%r4BF&x8qIfiN^e
9SEEnCyw<rIxXqnIX%DBQV*aoI`5JIrZ>BAP9vX(gN8Y@_E5bwh1t%~{PzC$g$yG<&$v^ekF+ijh>CJaBh{eOEo127gt73;C^jQpPXGo;Q-2oN1tnymm0B;>A{$kVx
v9Wg)hdDu4`5rW>G4hBl~7##H6{`~`LFa=>ENaX#W(LeICD?l9CeQhBpzGoYJp2cwa`1|g6OD&e~S7;>fD7Gjs9<kG4~ocelY{BN>BEIVl$vwb6%a*APFW*~e^VyaZ
a@shO=4`(#pAt=4S1T<`<Brrn<d*wk4v5_*-U{~WZ7$sRsDn-;ow~d=E;jdB-bOdjL6ByAcj?1u&VxUHB1iEd<-TrDiK`A-355{dEvlyEc@bjsGpYA+p&U}NwX#-3~
aiup6g$AB^{L*nKU10)<3LyFm2ciS+zm4u~D<IKU#GqMa4oRS%_nvu{!_p`oR0hLFQ%{kU2BEIY)<q?2A!DEJ8wnU~-b&b%Ce>o>rO=AvsA}Ly!&=!g^&$+yAV@`d+
a~WLInzQ|C+IY@l-okH0?0EO8N@{xsArfOf}50cRbkymw-*(66)n4$h?Vapu&{A^35xT5_7ZjP8PYj3Z_zHW8wf`+GTin77%FxTJ8JhZ<o?5YZ?ae>=$N}9XXP%Bvz
Df-36|IXcYI}6iMP6yTpE6{bC^hwdu2y8Y%`Zg@N!q<eHp1FgNAA5<}rQQ{U$Q_QDE5ho6s91aEg7M&dcpdH`i0p4z8&r@g7Qs3#36`_H%dDRi=Rojn52tuGM#cF*g
}MbLhi~PbCRIUHAqc-<n5ms#-eZ*pbZO$D<?f?%(s$9=AX^EOoe4rSLNZT;3a}`BU%?!FvJT_u6QB$jv(l>CZy_Jl&-Wr%qw&pSeKWS?eV4uq47x45O#s9>?zqh*No
b+{V(Oji!y?WC@n!GG1r9A*r2_-!72fp53hc6Zw?_<yQnDzh3#JdTgPSmp2l|8`SQ_bLU4wQd?20FTB9Evjp+g7ukNv?JV6W#50{cbN;B^;`y)-G)qY8lnx;7VRMe-
FNQ*HiLN3K!wf(7;knpd;_>N|=f^@46yWG^@OrA@I8}T5;msft6o+m~d*EHdAtc@b>2x|>j~!3^Ie7aV8@uVdAb&5sJr|S&dq6sU!);tqzNkF%S541A`t!l<yW`u#^
`Ex9m*Wd_uHxY*?HBCri}bsgewF4w^DCjlL=Zs)5kwF{1QA3KK?D&**n9{&C+E*+s-2UEe@)&81xt5i;LjO*;JyALOXoQ+a^w8@5Iuj2Zc=`&mq>i^<=W)8>s63rF_
l7orP4X!(#tFzz2_;OPj9kadQMK|ZuBK~9q@8Y<@`Z6OScAb>9w6|$NcZhCV($fl2;Fi`!W$~(*tx}K9G5NBcZYPWuanw<G*3snS=P}vY4Yvf!cqbU-jOX;rkhSU)E
LuZ}9rJ8r~S{5qLxBnR34p`89vMvDJPhg+szlim-V*x%PT9>}1KWWbF{!PWZR5|LkS^HTN1zcNgL-ukUO-$@8IJJGsYWC)+F7Nq&Bao@oozGgEJnH}%`R^hcOau>^O
No>_wU=XBjGmF<}|!`ibTdDO3y_$S%g&Xpd6-2M=$4d-S01<n)lTYjz-exn)ZO1p~fJ${q5f9nwMI!4~Ke{zDQ8-;iV*4rYacl?>9>xKB(9TuOCUS#Pkh%a7d*Tvml
mX2R%RR4cA&(i$^;{UnT+;gR+0YAJPtOp85gdPxjpj;1h^|N$Q4mUSO50uW8?nT-9S0TRMC+4UYyv*~fUcB7t!OI;`KI9<?!3|odEmXwRUj0!XKj;>HR(=J1tYztiu
=K(Q#rDE(ep?%<Fbo>4JtQAtH5m=tjj+Qf(0_)Jr9e*<{q91~;xdU#58=VTk0UgQ-c#@!r>#I*;UW25K;=fiK~@Q;VcKPWU33i!8L!Vi`r~9CUsSV?qsN7P6!x*)K1
PpiElv)?cdnM%0KSs}@XBH;h5Sk$|ChJ?@m&nw6n6D<xUW|K7v7F79AoQQg81rNVvcITcRau9#dptn@Li`bz9SkZ6bdnRZ}WIg3eZFgPZ`HCrdwNv-7&&x>%#=I5e!
G<x}(UC_2J63QG1bjyD}Zs^Pj&{nT~Sr@yS-lXU&qkxp!Ja?(iPsAleJ8Aek#5Sz8$<kF<=_n#ZquCtHJGcb8$EBAy*YYgS$cUM=H2SM&JwWTZ9t6-N4Z2=VD_^h}|
rfSxBO$bQy35wu^DPmy^1bZvNZ?u^(k3A|apUz$3-J^Q7Vvwr&};XfimZSq_E{>K?!-bmOgKg$QF*>=|G`Z*)!sFwW_&#!v-OM5;0rCn0+x#H*;;QVv7*~z=_2|FqD
Ou3z0IJZ4^@`nq;PKvO3J30DZbM55XIkuhfdGhXgPs~v*c9Q2;y>@c9$4>69U?+J$n`(CQ@r1CGLeKd8{p02Bv6Ed_{On|~{63i!@+;)GTz;(ymTs&4tHQr$>yJWwd
_v4oEq0RUSG{(!%VQ_QlHWZDnfXu$Nub|zq;Kk9)yAa<<=20%UARgpCb%yOZ@Iu6C%#efWpWon-`H0w{0+Gqk>K3l^}~X@I_hV&G)(RQB-fvcl%sXH`P5enJ?qQlZV
&r#ErDMazE`+Q?_GvTdyC+^H3heQt`8Xabm6kAaPNTWaQ*l`0++|_<9yl%&M!ckJEq~1-&lOO)Gu5IZf_OF;QEw7x%hBtZ1OM}8xHu5^WrcLOjEogfpOrxA?OF@8y@
p2+?%*<oG9^30^Tn{Jxf3*!}u0~-+0^wpjij{6%Wq}(8s&WgntF#iv<0~d{~7!>H%N4b=ux>Lc0!gitCdKBu|EMPJ!=S&k4dWTrW;v8ZPle`i9qs))k@K>cd3==U<#
Zel=XwqY7LkaFNgXm$J3Eo(B4T=b-O7^WSf#-)rW-&rItJ`YtoAf&cC@{mwG|t}-1T|DCF8>*&X{e>o9$<~ow$y_)jhU-15YRPKg0xxX0Y{!VIf8usZaF-NuRFL-{{
yT5qev%h#os_tji&g~oO-!H7CY0ug4wE4kc{5a)eNg~7TMHyb5sa%lSr~$1q9o5C-*LDgfY?h3TTx$^-dr0>`&Ew6~_156cS7@I$hn@!~s$rW)me?Z*Y*W5RxS!qHJ
wnjg|GpfYG%?s*+>wh=oBUEerdzzc0bXcOyF51UFxYl_AwFh_IjRMl^ZaVW-&XIbaF+HN=$Wsb8qWZ33OgzEOu3!>x3fKVa$sKANf9=0CqKK{TszsDXWO|1ap$I(qg
w1F&#y*&+jegSJIQ}zshXYqLqXU{p=ZkN<WIM@)=tvD8K!@G|GyDd&+va^M`5|eovHKR1f*y7@)%3U|1ARjVve3;>3E#^w1*(P@ztLM-VkB)c%!4xT)gqu+iW|JApY
ME#2nRvH+X(E!gqaN1-!w3OR^f?xbu;~8$!>N;|=}J_Uz05wcuwbgXQ<9zp(ulVQ0%Pm8ag1SUTRfWV8P-2;NRUy2IA{BgFT8B<83VJIV8_UOTzVV<-1Z)qU4HD6WE
cJ0~C2^6S3~e+x9%3dfNx_g%+6%NRw%w?XmmMe2JFKFjOi*Ia-n4*tq(;9D(&zxERNOJm=08GPO2)ZZKYvsd83zVNP}HuzVsd40o=6PhXb7Af|9Sp{G1IJ6_X{@48f
^R4&e%7dkLVdN9B)>!*n+2<qFFgd^UDZ7Gbc>4Td#?OY@4zwSD=&RDz8{giKgN@klAuPBf%&Lx(QXD06%{C3b=y%_Lc`x#cB;jW-Qxu<%Bu!&ROP3Yg{l(m5{LG;bC
lJT*)5R40C#ouIrc^z0Q`OQL$BtwM$Io`|BD2#j{T*Awzv0;b0o^rW3j
""",
    "k3_plain.h5": """
c-rk9J8&DvbwSB8<j5Y{6OW<Tv2QpYhlN5z6qBJn0dS6GoAxL&V=Eatwg)&8C-TN10OJlc6-CaKN{7-#3Y02Qst7@pDp9Ir;lf1<lqxdg?Av`0yLUVQlt?pFv^#UN*
xTK=Z{NPpe%>Dbv2^+UXP^1SGYmpH%}%pvriULf*nf|vDZhkq3gg=t-<hKKPl>z?zMn?;)~RU4YoEOL9wdH@g&`scAk9p862sDa?<_;S5@iQ=Zz@`DvsQL1#cy11eI
xKSzO)~)-RF^C<9vONEg}0p$9~Sa@+-ID_{A-^;d`|ze}6ue5;doXIHV(Taz<n3lz?aB@3ero>a2a`R?8FNJfp#xis1FEfFtR#R;yn3)|tSIjfHpbIR)>Ocz-5Qe)r
DEv~@uFt-m7UZNth>wET83-NLxHLNbtw@EOV7gU?XjzZhTc{+BZSpcrkJ_;u;LOm8rf-@6F!9G8;}t2j5@MzQK_x;`5#Cn=eF8sSiUR+B@J$rrTrSt^%Sbzaoc=~({
hm|Q;<gMVhMzF?E}g{Ab)2k(A-CB?8pTtD$}Y3|~0<}OOzGOW)-;8y)w<9em`jnWlE{lUY{nYD`J`+}k~Z(B2;x?eZlYT!AQnG4p8)JOdN%^51-4+|78LXn{1cvWY$
0+~Uh>GD_Q;6~jQmAF=GikumtcLm5ubC<92qRX|4w{~MhdmMEqxHLa=i)T07b<YpnhFc~8)n=svIf5;G{^Ij^hd!*<o52;xjy16A1Zx{bf5Q>Deh!c>So2?M_z&CW@
BF&c@Zsfkr{Y5=8_xQ=Th?AsgB~<klzb|x*6IPbHJqSW_7+Dtj^!t=L?oF84VinA2p%|%bvIDtyLiF62;@uZ+`F~v*8Jsb4X5hYYyPNCu0g4CF`!~6skhg?N+9`b{(
@+%%8j+}{Z(}R(go`hu#F!yyt3;PHQ-g<DVMz}v^cZnRJ^iahh_i_qOv6C&6J(MDPFHNHl09_W5cQPR(#G$egO5#Uc~`MDmI+J)f;iv0&h!XLA{DsbsfR$O-{pA&+!
%I5OJ^Sf&6mx8%boG)AAE&`az}Es0DwjdVp(;s=g~k0(&GS!Pyox!FSku?d5pNLkA9t@L$|U&5t5FzD*<(FVL(w4Qv(h7x*ORh+*)88_Br{lcV4ZmJVVd_hlpr()*k
PxI!Pv%ER1~AvI$;I;nrZ2bFvkD)6zC9G%?0)ZJCRq|~)1qvOuD2i*N@E}^{9O>Qomn>?MJd+RO!#;yBaMF?wlE}MliYrKSD7DU-!bMzjpx}1*3ECcJ#=H_7={kZBr
RGXW%Ev^xZo32wm?(SmKTU>0N>Y97Z9Tx+fs5ay<Bx@q5l%!8&ounN9Ms;nYQLA!5`pl)_f+X#GQCzEd^?JlcVMdInlSKJ4pLdS3^kv99N#?!DM-v2gVbPe=lVVOE+
F<gGubU2EnV>xwqBqK#zM}>@nR%Q@ffHg{BHZbF>zg$`t$g$)#r(-#QY>7s7GP?9>lVy%SDRj?T$D1fZ_#$^*6G+fA9ajalk4kYMZf6!`7Fjmy2Rj7jFYV4{`QL)C(
cMTxG!M5f0Yx(FOCOhvrn&nd^sg{5pX~6baWqJ3DX;A%pTT3_KD;4n!HcUChrqlYJWGyP9^Tg-u-2Ce@pJiveD-$CYb$L?L39#Kl4ho9P#1u5w$DzO?uc~=X|uC`<Q
<4a`c?XdNo>(Ww9TxMw0CAYteEWAK<y<hghEK|2bN27Sl^B(f+m@(Q@}N{X-yQqTjt{wA=vG)7w$G9BfC+Wp2oL@n-aVB=fguIUCcZZ)5x3F?vPMe=<y-gsF|~=dA+
L-ewCwV+%jx#x3n@$HORn(?h!7nQ%V0@oE&FzRk;y@O&=L59jd2ZWJ9R?eCM_r+8M=!=RIYrKMpmFsG$~r1M((^q6xC3nv8j!uazI_FI&L#qs09K8l{hPYR><|3~ff
PmMSqp#A^3gmHc|aT4>Uwk%h4o`2~2w6<1b!DxIA1_u_r!~V=3yq;JO)BNrAq<Z@&WpBb7L)W)&9I&2Twy1gB`J{R{IUP2ljpNJX$`f!c44ySM(gYJsFu?>9OfbO&6
HGAS|0zuJ+r5kX62|Y|@JAAVe79)$<4F$jeP0XX(n7S{sB=u(Z(MxHcH`%k8?k-=_`a$Mk0#%Pw`DwQNM+<(lT$k;uwpYD<Qz8B8QjCtHuqI}xLKcy>5ED7-HOR~{5
-^j<Usc?iEt@AF`{!W@*ko26wim8=dIW9OvYj_rP)h({gXpWi~Omnsg$()65grQ;_r}SVi?>$QS^{}rEa+{ULIeb_;2s6@#Qi@c^O}h^ytd_k3DO38SCvZ*5>gZf7m
XkLV@#37xVa2%5w|C<B*qY!TY?-@4)X+rdf`c<&TZ<C=Pj?<}kyYga`1Uynw?bY^dAG%eEk|)RpxJhREl?TX~rexa{$Gx*+R?h<`heIP-Xs=lzR6EByH<e;9vWusPm
5-r!G$|Nb|RzsGX-`SXe`^V<0PKRiws5MTae3$o1?;j)7d_5pCB{=mB)z61Q=H}q+V_uqzh*iV4DhqQolgS@OmFrcl>F48h5`vwn;k)RFIis5f)2Y!n&&8zWZIF9{1
*2_zHP&dS}V~8u!8_HSOcQJN3tdo=PVO(MSAr15g8pChs1Hf$|Y)0dslQ;<)nP7qmCYbO<%qzpkVqSTC^tfl}5uwL)?s1^Uq<xm9KSb9XCOp~uEVQ1y^I^2yPvt)w_
me({9?OsFKTCe16u+Tu_CU$kwe-_$wBKt7{aO204kky-e>8Gr<Y@nS#NbM_+^G9fM|B=?`=cnlI3JrZYTl5n2ku^#>HEtE(*t)tHG074f&KRMLF^(ExxSOj{9*0szH
^JKQ9TgnV-pU#e!zQ8r&G9IV39aJ-<X{LsOyatTyL~u7_a=K^pJctH9WT%TpM4W`0u+<3@<&*y7cJy<cD0c1v+W#^yGVF_0OW%PO`VHFO0o4_BP@E=gLpJex(rq{=z
7KqfzsI`mO_ghavu*g!uOxf?B;;aktz`G5W>XNq!A9pN-!)KI--M%Ni1J2k^X>K6?Opu9u8F8+lgpJoK0NB3h2*X8663Bbn!D>*zDl`E&exuqGsjN%DPf)yTJz@BQ{
VQ##)DaVI9<qrT&8!lZSK^ejtFMbFphyD0JWA<o;%vP2mBLcss_%kJ^@aqH`Yt&i_IhL@s2_^F{E)-?Kxg?Z(-X6KbZT?hTf`skBJzGP6(#xn38e7<b-Rf8DvZ1Ne)
Yd(bNTV|slUJL!uz*n!2eubiqg7Woa=rh<sI2|kpeuf!@A$$zGvL8@pfaL-A7RDjs*hYUhfL)?CnWRG>eG6yN7jHoA<z(3b`XUOSxKQR<*v}IB?#&h?y%_pMcJhiI4
E^Ftnm?Y7A4A_bruk2TA0Yg0b(LSAg}CW{cQ&@ShqSS}Y79&0J7}SgrA_07^zGpT_z5~AefIRR&B-z)^wWbr^pVy!wqqgv0A^-a`2$j2@?Bg(Us9&wVdYgl@Wo{4r#
PfL@=Y84I7{g7Xk)uTr#80T!8UF3PbB_AxTUVj>*G@*e#Le>I)C7J_sFkvNAaiNv99uq1Q=Q5-xlIYV*v3o@>Y6R$q(Q~KB^`3t!3JHlg#vx4`EzLCaM3^yK3BR&6k
q+i~KRe9R-`@yN$9V@)(Y}=Gz+*?*c#WBAuCh*CN?2sPPUpe(Dje@^W1E@=6woE`S5jV<-oRC-GpISF{Dc+Y;&?hCZcf)B`s0ILa17`Cmrb^w8IM2ouL{*e+A;Gm?G
uuMNqs7j+itCZZkr^}<7b(zE2>8p<@uwxClNbs)mZV%ZGgigZgOZ}d?nfrb{2@6eAIaR49U0p{!ew>^{zkeB6x(y3Ng$qd6f9c}z<^vfna*hAaUM|lEV?XDX4HjQOL
^9kQo{=VcN4Lq>8D{;;uU-dLSZfmkcG8vMNM_*`${cdBwJ9&i*jXTk>hwVY=ql{$=iblYDCC%U2&MP?p+@`T^33-hC*E^cNAzE~BEJzl~1_G`dy9y@xrjviQrTNi|K
6W);%PHH$P_Bqa0r!4av)h^vcMtu-_cVPslugt#f?miIWSf|VGmGI7;`l?EK8|@CVUce+@fYdsEXuZpcrmKqRW`5HRet`|HyiC>8|h1Qg7L^`d`0-R$wxk~<_slG->
jf*86aGcKbj-#AuTP0Lt`AGZ~7k53*ic$r};-H=^UbdCi~diQM3v*ezmkY4BdYi=yV{Qi7zx+wF{D-7Tt^3QTC^U`hx6}l~;T_jbl*KbU7m#z_v=L*9T;Oa>|a7{bD
<69tpf;VV#!N7h&5p8vwue^2)CCyJ}uQ^3d;U{D<?MzII=L(Om+h2iXytlhT}(bRV@#_OMNJ4YU_F*(|bUAx6k|c30_hn$wXDY12K09c42@?OsGLr)U9qSp_BYC4@t
?7P_me=AYC@fqz%gmv~NuoOZVY?~wFq{+m~G!4P?|t)<24Xjk@!=o%uwkbb6q5-sSi2hA@tNH^e<rGm1lC2fu$A}`W?pq6IC`XmRtl7~re^>(y-Dkukit>4*#vI}&F
W}w}p>1%h3+S>TiT)2n)K{k+dB=IK6QkYY7c+y!k#zJRw)!5S9!O~=75Ys!YJi(lFKAAnTb^HKn)_W|^CrkK!Rr9@L6CP#1llFho%{afwa8&L&blw;LZt!t^r}y@@k
rNXRFDKdU<B^m2ce9U6PC7S@oS1NUIa#@RJaQ8MZv1h{$^CDQoS1NUISIc#9yy8sZ^BW_$$tTK|EEI
""",
    "k2_plain.keras": """
c-rk<O>7&-6<$hKBBypB2L{Zh2E1mGK&=&pl3Z6dpyj5uT?IC5!j4;^K|rp>mBfZWDwkC421fVLgL^4>=%FZj;891SXaOC<C677s=v#H@!3BCCdh($_I&bDZ&g_bmN
ST&xcn8_+?)<$sZ@%|4vqLL+WBk}@O{DYMpZ@XB-<#|Su9NJ_+hr?bm95!dImN<Pu`lhC<)pUkl9MeKVpsIo{OtVPY&<rj$5<^p<yc#GhUdrUFMTvO_tE@CbMEq$xl
32(7GjT*K2pUC|30q2t7&k3hvlpm3v1bRB$O{^Dmfc^;v|8<YR+<;RKd#g?7Q}_D|VrrwQ{_Sw`KWX#i)YQt&p07Dmm*RW1E$HzNhzDEZalm)52z@d=m--MDAPV)s0
jZic`*pwF$L9FH~~58GZf>5JveS&x@_)idK1H9-2FwR>^_PH7n=XETd$tuXAZp29Xv0E<mH=W|>Kv4H9cTf_C<L)+yU1J41{DWmYoy!0y<B>)xU(iBciAa>>dTtoyv
za;akX8C}^bt=oz)=4SLc5JrE7S;75EHkU~$9Q2XsqoD@((_&$3{_1BXtKe)FoqmH{g<6?ZnW_yn+O=%1EYLJR!`Ug=xs;RrE$4b+MqdCBIOS3{V>=`b$lA0rnQQ?V
iEUZAYz7s_O05-3d8^F%+OP_&Hz&o$ROaQ`oCP3Am6(R9ovoLOl}+fLWyGx2a(0W?gHCeUf^BioR@lhyXDvsL2f57_vY;G{=MtAoP`XNa4;lX~S1c9F_X=5HJRo7m=
BP$c_J?Z>_<Bx0ercDAj-USiG;#E-LM3OFkSf6u_~}`~rJF53>|Kg|G8P<;pK_qfUIoQU8K5o!vA?(mR+g^b4W%;I8N|wVp^vJp$<hJ!V_!^<V3Z5|zhOuD6R_I1fG
Y+kp)0)yEX;dBt(lr1V))jBtWbMU(|j?{{7@y&GUBtBFS8tb)5+$zqQ+<AanRmXR)Zr7J9SnqmBxMMg^yZM)~$U0d5PXG*hA6G7q^%)r1G{^IO^dd=`E()R$<jX;(_
xC?rB@ZH1sxC(5RPf5pDLAjKaDs4ykfi?LuD<oPn~T+-`*l9Te;0V(9T+FOT;!u=j}sNN)gIz6yidb|37V?0UY);<yov@8YoI8!U*Qe~uvjBI62z*-?#dRI35GkbLV
e55D;C^xZ$M{6f><nu0ZJF=OXue`9CYH_FcJ#*hB6eD(Utciw-8H<+B%j`3PDeTxa&tM62v#(M<skMX`eM)?t57RCHi*nhCzXLqh$gWBH)64BY65cf$fOmAXZzV=BH
?ko6Cc=~3{UysEo4%~%ZkhnAtNw*(<m&e8X#)OJrtuKDV6yjIKFWIrj6G6O*lpGP=ySHv%jc8+Ct3Lg9fDXQI9{2O5kNfKd@&2Zzes&-zzk~eP_6fh=4AYxw2kQ8~i
T9m_{c*N&5$(mL{p)o;74K6w2gC1_i2StpiNWw&p9<r!5WmuokzYxk=pBc3{l`fB*xOydxO3d^pMtoLlYjlbzg`{R+aLJ(e|E}WPk#^N#?yZOpTz_9=CB^>?=<GO&i
d;;#rMf`e*JkG7)MYa$xl?1{(3w3{^ZVR{8;o|@xC|}#<O8Md_21{brkVzq)V@J(oZLd<1h_p2ZDC*pm^ZHnJ^v*?ZDo6AbtA9#smHEyGwM>42IwI`+mN|^k(Ci@T8
yd*Q0oHF5uV95&5y5)Bb*gI1W=kJ1`++7NK`xSt7?o25wt*?_+`c!R1lj^(p<Fc1$2cJ2R=B`5l%|uo;B%v9Ym;@Ph(D<B|4vF>()Zyz+u2GMQliGZ<ZV#o6-|yQ-d
e*BW@i^AbZDyQlFP@>-bZHpH{b+ATL3${`QxdZN!=PtbyT9YeICK7dw~wP~?3cZv2N3Foco{@jxt-u_;Q?fr2s1R04$MvU8?v%Mp_$FG<~T7XxhUmOrzZyyu~n6WU9
4dZ~laqRTDmlMZsBi(P#hx;*MI{bdj)AL8WALE|$(+T1@OvBlM;C}T%er)mwp&twFz+OMr`QYXFvCR*06*N5<ezz~+`a7J;5WkxIo>rgUe?Mj(?+XDx7eAyQTmI1BP
Y}mpI@~%HKQDCehhL|rFZ8xtui83Q^Tb|A&BJ|@CbN<WHck)AJh2DU@x*=#?4Q6s3Y6F3*@bt3&tqMDCVx2CK1ye1|9WJvmuL5{NA|e(afr{s@TtwdCiq+udwnM2l<
u(iH`#<eJb_cdE$#0?qJ6_U?8A6RC)bsaUlY0FeksV2WXk15d$FkVuy+c3v~}Ef1v^nQ&^8!HC)axX^^of#lhxPkT4C2;VXvEA@0o0z?7qRSD0}`7yZ;O8Jz>{bQ<T
;4`G1MN-@gOrc@BzKwI7G;tuS8g@%?+@#jdv~;V+rA;4k*69Dkmy_4w5;FXz8AWOw<?EnmN>QGM?`NROUe_scI#Z?+zhUEaR5|GIC~-{Gr)^O(VN*I^not`-aB$e2G
)i3j49`18kumqiWtq@SY)FIgh|ySpLcKX~RbwIRR5n}&=7Atr<vyp1s<|3;7POhd+!x*=joj(AU$nHV=ho$eab5OF({Eg~Nfw?mBC#&svBk&rQ}hOvJg`>A6+ScgWj
5589L#5kZ%2kQgxRlK{%V-44}(07_>YC;ZejESf5Y(a<UEs44vL(qZ#VEtRivBNmicotzgA>^guy18yhdGNK0EBfMnH2nNQn=0|-3VFe~26(Pgtd2B0$d`+kiS%|+H
o7P0FpXy+bX+T$G+!v+7GA&~mov&|SDo7>Q74UOGhhsDl(mU;bd(?T8O1f4ZpgND7GnkX8Z?Cu-H`1dW`^gQp~xL^Q}e_(_Ov1HCej5t)sS`_X__cgjqrv2raf8K#w
$&DMY?qrA2{DFI;YZ*_~aNvoN!%g2wu{-o=Pio0QV$fYqBZz2l%43RT}qRG-bX?XIh9um>1GX8vj&N&bvwHXEcc~;GbiqA^Rr%uA%PmG7aZk+52$~xz3I^QO=sktCD
Uf<b1mdo?0X;L(I#rA$5`D0z7~`x_W?o5(XiUWDDnr(rA029$;e<?SM%bN8Qp;|C1=27Va5z`^35H($yq=jdZ_(a-(xfXtT&Rk?iQ45?r*8Hck5!u6QTi=5q4T24Y`
vtQ#d>QEronjW+5e$WX`mtr<$6hBy<|!E&1K8qGE8OEMvCs_sdh(XdTjnLiWvSI7>w&^NSEpMY1>lk;AqxlAZ~hKLb&NuKut3@kPU&vC?6OR?joqD!QcF4=fI+oj>S
YdG$@A$g&BCmFVo9;7zvSTrGJ1lUVsTe35x2f*7@Q|>L9hTMm$EB1zDQOCI;T_hg}ylymQpR}jaT9W&!Br`rnPr=%f^i3M-6=4*3Z+nX0Zb(1N@n{IVn~F~&yV4?gA
tuN-X$sF;fDaevAL_Jm&TH6L3vDOii|lqBbz4WiG-~fjpI0Tjr|6%Fez1n}B{{)-L={{Se>FPuXULc#t=O9t^er9i7xa%}gk6-Sj{VRaa~;C+mM3+PW1iv<SIF5#`%
M0^)sV7s6};+73`6^v9aRp*GvPwfRWl*vsbegnHKhNkqrD*iq#F{qQ#c1{#g=QN14t{4cD+OXXG!`I@?Tm*#*u&}9otluv2fp}_yBm`HKbo@donH{eQ0|M{xIGln^#
32Tq9fONk2j{DaEX0`-m?2!y3gJ=r2t2S>(%HydmyPPug>e>BxuFP$nb`7x{$o>J-l{Nxt-i)cG{_L$c<!%aidZjgj;3N%<1yXm6ZsyM||C+Z6vAG8S|Zi#6q)uTq*
~JS0~a@j~{Q#!0f!(Y8>08AZ7PPL>nWr>2z{-$g9a_oAxe!`h?=O@U#uTdjtSi(9A%ZDri?g!Bt^Cb*-V3vMgl2x`jwQY_p;e2@<$8%fwCU2>OX3{N(T=9t?IPtGmH
4!WWnoq*k`8q{a--0||_VBgF1<!~)O%=fbR$ky?3`~`38761MaO(^RHWv$-Tr-l+Q(pm%ctJU!9E$Ic>Ec!k~_N{8jbrG#Ubz0LXaVM<_I*J|Vy4;j;8eiiX2kpZy-
wwZLg!{02zh}g6zS!>>ea}B4-S#c@J3@F4I!uG%xBENsTS2^u^rFr|KfdXw6U1?thO+~~fA8WTKQ{IA(2s?7V6Pv0cIV~zu?Kg>`=9THek@Ff_hUQvj@FMQ@A~NkaU
7=JDS0C@c6z-3-;SZ=a>4rkl1#8^@NdD$reA8lzYL=`?DcQ|%7%Y`ckjOhoV+pdmRP}$Yky<+D{Jufe{4U30R
""",
    "k3_plain.weights.h5": """
c-rk;J#ZVx72bnL6V})nSQC$7kCI$GqcI()fR$v-(HMu*NQ#-UM?zv3?05)8g&Ij9BhnfsO|E1*lq^!9RCy(f;BckOD^;RMnF3{s%sBUMzlYshf&k1PQ406X9QO8hZ
};un_p`V6;r_mS`?qgj{@}78DwoBas0f|D2Msohc`gr-I!O1BJ}>cgCoikw`a5XftoO|y?%bi;-y6jJ4CZB87M3m|E#JA>q;v&&)~D}E#d^<LPq!(3-1^Hpov~i}$L
!Y;mkRn@f&MNo6!l-~uQ*bFEm{55^_TtF-n^-AlA5Q~@7H(l-F8H2<kj~Uiv6%+yB`$!axWF@EhE1%e=+Be<CZChx8PYEF)x0cNw3{{vQGK;9Vfq|GLm7rAkVinVLK
Dzq&YuF)!Rq;!PUurYvseD-}>U#y{{YrMos=Q+Ft+jx9jblhpoq}pHiOP?VCuSu5WL&w$^1~Mi7s<f^==O{p|Yv)t#rU_V(81_Nd|<%At<p!Q<A>&U#z0dcBMEkFA}
xjn($%(<iOR5C7WQdAQkLy`Eiv!?^$cdOL5N^Oupf)^;8~%Wo^{x5@u?W4?z!vOdd_B}<kpS+Zowk|j%)EdBq`w0-y5Pm22mmM#|YzGZ~`7Sh3&GCgXaX{%Y(o1^xv
4q7t*V(o|NW##8GweN#2wqCA`^bUG-wOEhe2aWczPuQ>APhS}A&u@(OWyM&1uCd*GUaYr|{DD{G|KP)7y#ey#T9JSEcg1?k$Zx<d7y0^ciuJaT?|fFYpU8MGVD2Zg9
Up8M{2?zM9VhPC_hpu5vv1bZ1GiZ3Y~GhSqyAnPcCq_Y*oSN9XcBRJH|2HQ_hoNtN>G}xo-qC8v~|SNqFqN=KXZ5;;a)r2b;MEY=J4ZUyq%`M!|O%9EnRH=WqlfaRI
JDA&`*uH>7P=Z+`U$8w~Ku8k)5Mi;-o3B<HpG=S}?nW`yH)<1JC8mIiosyS~Ak<<<-3Dcif)=)8UHu%HqAhp?p4LhRRE&k|SA@8hXhY{sK=ThD27*SmNbI_LDtzb+V
(DomaA>6U)5l;h^(+W<^;V;GC`{xEA*0d6?a|+|R6tu2J1swmFDpUsP}C$$PjB>Z_XFlVoLKb}jMbA!2#08{_`0PBm-GjZqd$UWT!3m)fEBs63+cQ1MN?`Dl+*;<en
DeG0VC{Nxb__eP%VOJF>7AGeX0v#h`ijg4d&K`z99m&cQ(OIg`JvtuPY{z0<Ojw_jRyIH!C9o6jo-&y)E)O(Q~SAAL5#rc05QWiN6;7Q<|#!Bb8>^vnG0ePh!?(^i>
>D~}B65yG~MfF_hMlPc|?y1Y`BtMcf<!PKW7CNUnrgl4MTd<t#lBdA4p3agbOP0=;7!S?s*1^Y<>+^Hf(yy)TiqEg+x>By|9LG83bz=C*_#K+PS4<w`_oK}H_G!=a-
`%kLQTBQM@P1VE+4<~8RX!iLA7$U$Sei|L*^h1AF!fE+S-rO@FBSW#A>X`V=V+GwC{td?-H%$(lwfW`oHXBuPu=&vY2&2zGh^@{-ucAIrCa0T<k9;3{I<X<*pk&>h1
c1?S*&Nix8eUO{>q4>wPVIf+O5{xSwVjHrk$f%;-o3B<HpH%wO}?s!}B%&zxK+BpRe~m8Sfcit><g0w{s)C-M=;4zRmE?<a+GK#TS$7v7fFizutQL^7JZwE%fT;$)o
y9D-T^B!D}Lq@y{zJ-ger0Z}FaeUa{-F!_O;wU!Lvr3KPC_ap-#-T+ZL$81uc2ygdKDhB*8^4fFdSC&d*_v!h_OC_hUV+m6^Tr*|hmH=Q=#%{Tt{(fLZI(Oo-7vphG
M@;Z(E#W%*TU*wauQ!1`sYQ{RIcH;HS;P<jd_;zu`yXP$N9Nz|fQUw^Q&{KFf-&1(52zaU#*e}Ld(S1JZ&~?H>`M`})N@YG{sXPtC2F#TY99ReVEW(PVz_sOlG!)iM
0J9dMoe1>^=T=1<ImRuP<Dfc2)F<9MNJH@01rChb4!BPt<&Xl~wg?R0ko&94x<g>$a;#V=%Up~z0OoJ8A>}22%ZofE4*|SbpyAYX{sb^%Lc{OnJ2IiX&UiN$yy<u}A
N>s=8#h*S7yxtV0^{fNd_lem4&pDDGvqVS=e92E1i-J+7*fdEM?Ws)M{QR73Ma?+GUjmwSVp1o;d<&m!U785_eOGu-gJQ@41kmL(J#rVi@qcD=`(JR^$YC=u_{Y(1g
x*<H`4V3^PMmrw5Rkl*RfdP1*wf1^tS^(c@8LTLbu9&Wk19hV<ZD$JB2piY%>Y;kmiMLlE+`^t9kb|j3Mh6;}pZ5YMbr53){)d1m;}BmWHgmq>p{bS;%W0w(W+R?@-
gHgk|N)c^P=h7FjOD1Ic4#2jG)+F!Ypc39lQ#_XuDu%kTp}>o{yn!2X+%O#-azs7=h>s9&M_7i{~$<%Wz0hR<T(#Ij>NFddB3U1Z#6DD!OFxtwD7K(tju-7516xs{<
CDQuEt=wg0H_*U>h*yAC}bzEu!n;?5>Hk40wV`Vb}_e9$K`M?FUA50J%QrHvm>c?u{yF8Z-4U^ngI9SG2lMXEPCC@eJRigQEU$Z5)$&h_KFw_F$?qb}Lr+DFcXBj5w
FJBqL#;Oe^BhtM<!vXuAvIF9+f_nq#7~`iS&EK#rBFqKbBF8}Db)&D^WNb9!j$IAMosTirbgiyplYm{ZjuP)_ti^2&+nfMTKG6K#$Ts0;a(O`~I5r85XJPOWV*aU4i
aGD1Eyi54ezD)K!M0uSCHVeW#k@|eaOONVA91h?`Ldj7KB}5tF@Igg)_ZEr5NQ5p1+is_cFF#DjWB>LU9`h<90IdFV0oe4T<3ZH5lT6S@Xs6{lb(`QsOhV#tzj5{Kh
)*GJhNVCw(2*eJYB}+_f-6e;4e5nxt`M73g#fte7Rs7Kwkm;`jF#KUBwZOU!tehk)%s5?&)Y_$zz)q1L%C<skoBHYF)tgkj9$+VZD=TIC{Ytd&q<12(L+b&C0%y`{j
7p<+TRlh0igIV_Ap<dgsT=pYxiIV@Q|ZD)&^(2(|wUBy}YV;>&F)n-9<q%R2X6v08uf7<2w(C12LLoa)+t4)EWTl-IwWS__8I#jcjmpHljAJS^7``ojL1$H}tb|3L8
ivI@D8o-8+1ObxU(eh6LU|D$xY7?!df^ra57-%5Jg|2JR<sW$FfL&XLD@6AyA|4pj>x23DiFRz6Y=m*C@_K~ccY)fHXt>M{c@f_zqBUW?EYX?`ejiKRpIv%%a;*Hbh
Z11g}2X?REhrE}lo!WE!bG(;GUg`G|Q@@Y%C;Ps^?voyV-|(Ncvwh!i<afvMotU7YzZOSqX*T^GegEZwsc(|b3P;?$U+iZW`TYlWj%L~CH|2HQeg4au5-f-b-+wW_M
>X~PFKrtqt)Ch5{g+4Q6DPw>8z(KDJWdXtyxcgs`>5DY7y0CgougUeq$#h{_)Z!n{{tC^$J+
""",
}


def keras_file(name: str) -> bytes:
    """The bytes of one of them."""
    return zlib.decompress(base64.b85decode(_PACKED[name].replace("\n", "")))
