"""Names whose spellings no rule joins, and words in names that are no names, by region.

Written for this platform from how registers spell. Each line of a family begins with the form
that all are read as; the others follow, in whatever script. A family also says that the name is
common, so that sharing it means less.
"""

# Arabic, and what French, English, Turkic, Balkan and African clerks make of the same names.
_ARABIC = """
muhammad mohamed mohammed mohammad mohamad muhammed muhamed mohamet muhamad mahamed mahamad
  md mohd muhd mhd mehmet mehmed magomed mukhamed mamadou mahamadou mohamadou mamadu
  muhammadu mamoudou muhamadou maxamed محمد мухаммад магомед মোহাম্মদ मोहम्मद
ahmad ahmed ahmet achmed axmed amadou ahmadou amadu ahmadu akhmed akhmad ahmadi أحمد احمد
  ахмед ахмад
mahmud mahmoud mahmood maxamud mamud mahmut makhmud محمود
ali aly aliou aliyu cali alie alieu علي علی али
hasan hassan hassen hassane assane xasan khasan حسن хасан
husayn hussein hussain husain hossain hossein hosein hussen husein ousseynou ousseini
  housseini xuseen huseyin khusein حسين حسین хусейн
umar omar oumar omer cumar umaru oumarou عمر умар
uthman othman osman ousmane usman cismaan cusmaan usmanu ousmanou عثمان осман усман
abubakr abubakar aboubacar aboubakar abubakari boubacar boubakar bubacar bubakar abubaker
  bakr bakari ابوبكر
ibrahim ibrahima ibraheem brahim brahima ebrahim ibraahin ibrahin ibraahim ibrahem abraham
  abraam avraam إبراهيم ابراهيم ибрагим
ismail ismael ismaila ismaeel ismaciil smail إسماعيل اسماعيل исмаил
yusuf youssef yousef yousuf youssouf yusif yousif issoufou yuusuf jusuf yusufu joseph iosif
  yosef يوسف юсуф
sulayman suleiman sulaiman souleymane suleyman soliman sulieman saleban saleebaan suleman
  slimane سليمان сулейман
musa moussa mousa moosa muuse muse موسى муса
isa issa eissa essa ciise iise عيسى
yahya yahia yehia yaxye yahaya يحيى
khalid khaled khalidou kaalid khaalid خالد
said saeed saiid saied sacid seid sayid said saidou seydou saidu سعيد саид
salih saleh salah salihu saleah صالح
abd abdi abdou abdu cabdi عبد
allah ullah ollah ulla alla
abdallah abdullah abdulla abdullahi abdoulaye abdulahi abdalla cabdulaahi cabdullaahi
  abdulai abdoullahi عبدالله абдулла
idris idriss idrees edris idrissa driss إدريس ادريس
jamal gamal djamel djamal djamila jamaal جمال
mustafa mostafa moustapha mustapha moustafa mustafe مصطفى мустафа
bashir bachir bashiir bechir basheer بشير
fatima fatma fatimah fatema fatoumata fatou fatouma fatumata fatim fadumo faadumo faduma
  fatuma fatemeh patimat faatimah fatimata فاطمة فاطمه фатима патимат
aisha aicha aysha ayesha aishatu aissatou aissata caasha asha caisha aishah ayse aissa عائشة
  عايشة айша
khadija khadijah khadidja kadija kadiatou kadidia khadija hadiza khadiijo khadeeja hatidza
  xatiija khadidiatou خديجة
maryam mariam mariama maryama miriam maryan maryem meryem mariame mariya مريم марьям
zaynab zainab zeinab zeynab saynab zineb zenab zaineb zaynabu زينب
halima halimah halimatou xaliimo haleema halimatu حليمة
hawa awa hawwa xaawo xawa hauwa حواء
amina aminata aminatou aamina aminah amna aamino آمنة امينة أمينة
khadra khadro
nur noor nour nuur nuru نور
din deen dine eddine uddin
"""

# West Africa: the same Fula, Mande, Wolof and Hausa names on both sides of a colonial border.
_WEST_AFRICAN = """
diop jobe joop dyop
ndiaye njie njai ndjaye njay ndiay
diallo jallow jalloh djalo dialo jalo diallow jallo
diawara jawara jawarra diaouara
ba bah baa
traore trawally tarawally trawore
cisse ceesay sesay sissay sise
jammeh diame jamme
sow so sowe
toure touray turay ture
camara kamara camarra
fofana fofanah foffana
conte konte konteh conteh kontay
barry bari barrie
coulibaly kulibali koulibaly culubali kouloubaly
wade wadda ouade
faye faal
chukwu chuku tchoukou
"""

# Horn of Africa: what Amharic, Tigrinya, Oromo and Somali names become in Latin letters.
_HORN = """
gebre ghebre gebra gabra ገብረ
tekle takle tecle ተክለ
haile hayle hailay ኃይለ
wolde welde walda woldu ወልደ
tesfaye tesfay tesfai tesfaye ተስፋዬ
selassie selasse sillase silase sellassie ሥላሴ
mikael michael mikhael mikiel mikail mikaeel mikaail mykhailo mikhail mikhailo mykhaylo
  mihail михаил михайло ሚካኤል
giorgis georgis gyorgis ghiorghis george giyorgis
yohannes yohanis johannes yohanes ዮሐንስ
warsame warsama
farah faarax farax
hirsi xirsi hersi
jama jaamac jamaa djama
geedi gedi guedi
"""

# Slavic: Ukrainian, Belarusian and Russian forms of one name, and how passports spelt them.
_SLAVIC = """
oleksandr alexander aleksandr alexandr aliaksandr alyaksandr александр олександр аляксандр
oleksandra alexandra aleksandra aliaksandra александра олександра
oleksii aleksei alexei alexey aleksey oleksiy alexei aliaksei алексей олексій
andrii andrei andrey andriy andrej андрей андрій
anna hanna ganna анна ганна
volodymyr vladimir uladzimir wladimir владимир володимир
dmytro dmitri dmitry dmitrii dmitriy dzmitry дмитрий дмитро
yevhen evgeny evgeni yevgeny evgenii yevgeniy yevgeni evhen евгений євген
yevheniia evgenia yevgenia evgeniya yevheniya євгенія евгения
kateryna ekaterina katerina yekaterina katsiaryna катерина екатерина
olena elena yelena alena olyona елена олена алена
olha olga volha ольга
mykola nikolai nikolay mikalai nikolaj николай микола
serhii sergei sergey serhiy siarhei serguei сергей сергій
petro petr pyotr piotr пётр петр петро
pavlo pavel павло павел
tetiana tatiana tatyana tetyana tatsiana татьяна тетяна
svitlana svetlana sviatlana світлана светлана
iryna irina iryna iryina ирина ірина
nataliia natalia natalya nataliya natallia наталья наталія
yuliia yulia julia yuliya iuliia юлия юлія
yurii yuri yury iurii yuriy юрий юрій
ihor igor ihar ігор игорь
hryhorii grigori grigory hryhoriy григорий григорій
oleh oleg aleh олег
ivan иван іван
"""

# South Asia: Hindi, Nepali, Bengali, Urdu and Sinhala names in clerks' English.
_SOUTH_ASIAN = """
lakshmi laxmi luxmi lakshmee लक्ष्मी
chaudhary chowdhury choudhury chaudhry chaudhari chowdhary choudhary chaudhuri চৌধুরী चौधरी
singh sing sinha singha सिंह
kaur kour कौर
kumar kumaar कुमार
krishna krisna krushna कृष्ण
sharma sarma शर्मा
bahadur bdr bahadoor बहादुर
begum begam বেগম
rahman rehman rahaman rohman rahmane raxmaan রহমান رحمن
ram rama राम
sita seeta सीता
gita geeta गीता
puja pooja पूजा
"""

# Latin America and Iberia.
_LATIN = """
jose josé joze
maria ma mari
jesus jezus
juan jhuan xuan
john jhon yon jon yhon
jessica yesica yessica jesica jessika yesika
jennifer yenifer jenifer yennifer yeniffer
francisco fco francisko
hernandez ernandez hdez hernandes
rodriguez rdz rodrigues rodriges
gonzalez gonzales glez gonsales gonsalez
fernandez fdez fernandes
martinez mtz martines
quispe kispe qispe
huaman guaman waman
guillermo guiyermo gillermo
"""

_LINES = _ARABIC + _WEST_AFRICAN + _HORN + _SLAVIC + _SOUTH_ASIAN + _LATIN
FAMILY_OF = {word: line.split()[0] for line in _LINES.splitlines() if line for word in line.split()}

# Words that stand in names and are none: articles, "son of", "of the". A name that has nothing
# else keeps them.
PARTICLES = frozenset(
    (
        # Arabic and the Sahel
        "al el ul ad as ash ar an az at et ud ur us bin ibn ben bint binte binti ould wuld ouled "
        "walad wad mint ait oulad "
        # South Asia
        "urf alias "
        # Romance and Germanic
        "de del dela da do dos das di du la las los le les y e der den van von zu "
        # Arabic script
        "بن ابن بنت ولد ال "
    ).split()
)
TITLES = frozenset(
    (
        "mr mrs ms miss dr prof haj hajj haji hadj hadji hajja hajia alhaji alhadji elhadj elhadji "
        "el-hadj hadja mst mosammat musammat mosamat smt shri sri shree khatun khatoon bibi mme "
        "mlle sr sra srta don dona الحاج"
    ).split()
)
# "Father of", "mother of": falls away before the name that follows.
KUNYA = frozenset("abu abou abo bou bu um umm oum".split())

# Names of God that follow "servant of": they are joined to it even when written apart.
OF_GOD = (
    "rahman raxmaan rahmane rehman raman rahim raxiim raheem karim kariim kareem kerim latif "
    "latiif aziz casiis qadir kader qader kadir khader qaadir nasir naasir nacer nasser hamid "
    "xamiid hamit salam salaam selam wahab wahhab ouahab malik malek majid majeed mejid ghani "
    "gani jabbar jabar djabar hakim hakeem halim haleem razak razzak razzaq risaaq rashid "
    "rachid rasheed samad samed hadi hai hay qayyum sattar satar basit bari khaliq khalek "
    "nabi rauf raouf wahid ouahid fattah fatah fataah allah ullah lahi laahi "
).split()

# First parts of Ethiopian and Eritrean names that are written together or apart.
HORN_OPENINGS = (
    "gebre", "ghebre", "gebra", "gabra", "tekle", "takle", "tecle", "haile", "hayle", "wolde",
    "welde", "walda", "habte", "medhane", "letea", "kidane",
)  # fmt: skip

# Pairs whose consonants agree and that are two names: mostly brothers, sisters and twins.
APART = frozenset(
    frozenset(pair.split())
    for pair in (
        "hasan husayn", "hasan muhsin", "amina amin", "karima karim", "saida said", "salma salim",
        "samira samir", "jamila jamil", "nabila nabil", "rashida rashid", "walida walid",
    )
)  # fmt: skip
