"""Spellings that registers make of one name, and pairs of names that are two. Nobody tunes on them.

Written down before the rules were compared with them; none of it is in the tables of
`matching.tables` as a pair, and what the rules miss stays in the list.
"""

SAME: dict[str, str] = {
    "arabic": """
        Tareq=Tariq Ghassan=Gassan Rashid=Rachid Nasser=Nacer Shaaban=Chaabane Khalil=Khaleel
        Qais=Kais Jaber=Djaber Munir=Mounir Sherif=Charif Bilal=Belal Haytham=Haitham
        Abdulsalam=Abdessalam Abderrahim=Abdurrahim Noureddine=Nuruddin Latifa=Lateefa
        Al-Jaberi=Eljaberi Walid=Oualid Ziyad=Ziad سمير=Samir نبيل=Nabil رشيد=Rashid
    """,
    "west-african": """
        Aliou=Aliu Sekou=Seku Fanta=Fantah Kouyate=Kuyate Doumbia=Dumbia Sissoko=Sisoko
        Bangoura=Bangura Kaba=Kabba Coumba=Kumba Ousseini=Useini Djibril=Jibril Diakite=Jakite
        Toure=Touray N'Dour=Ndour Youla=Yula Ouedraogo=Wedraogo Khady=Kadi Soumah=Sumah
    """,
    "horn": """
        Xaawo=Hawo Cawaale=Awale Maxamuud=Mahamud Saciid=Saeed Xamdi=Hamdi Ceebla=Ebla
        Gebremedhin=Ghebremedhin Tewelde=Tewolde Mulugeta=Muluguetta Yohanes=Yohannes
        Tsegaye=Segaye Woldemariam=Weldemariam Abebe=Ababe Khadar=Kadar አበበ=Abebe
    """,
    "slavic": """
        Kovalchuk=Kowaltschuk Shevchenko=Schewtschenko Ivanova=Iwanow Petrovych=Petrovitch
        Bohdan=Bogdan Horbatiuk=Gorbatyuk Kuznetsova=Kuznetzov Savić=Savich Jovanović=Jovanovich
        Lyudmyla=Liudmila Vasyl=Vasil Zhanna=Žanna Шевчук=Shevchuk Коваль=Koval Zelenskyi=Zelensky
    """,
    "south-asian": """
        Suresh=Sures Bishnu=Vishnu Shrestha=Srestha Rabindra=Ravindra Sunita=Suneeta
        Bhattarai=Bhatarai Thapa=Tapa Mohammad=Muhammed Begum=Begam Prakash=Prakas
        Bikash=Vikas Chhetri=Chetri Poudel=Paudel कमला=Kamala
    """,
    "latin": """
        Velasquez=Belasques Huanca=Wanca Yolanda=Llolanda Ximena=Jimena Chavez=Chaves
        Quiroga=Kiroga Zapata=Sapata Beatriz=Veatris Gimenez=Jimenez Muñoz=Munoz
        Esther=Ester Elizabeth=Elisabet Cevallos=Ceballos Castillo=Castiyo
    """,
}

OTHER = """
    Hasan=Husayn Hassan=Hossein Ali=Omar Salim=Sulayman Amin=Amina Karim=Karima Samir=Samira
    Rashid=Rida Jamal=Kamal Nasir=Yasir Khalid=Walid Tariq=Faruq Zayd=Yazid Layla=Lina Nadia=Dina
    Mamadou=Amadou Fatoumata=Aminata Oumar=Usman Sekou=Samba Diallo=Diarra Traore=Toure Sow=Sy
    Keita=Konate Barry=Bah Kone=Kane Camara=Kourouma Binta=Penda Awa=Aida
    Abebe=Kebede Haile=Girma Tesfaye=Tadesse Alemu=Lemma Dawit=Daniel Selam=Senait Hiwot=Hana
    Warsame=Samatar Farah=Faysal Hodan=Hamda Guled=Liban Jama=Jimale Hirsi=Hodan
    Oleksandr=Oleksii Ivan=Igor Petro=Pavlo Olena=Oksana Iryna=Iva Andrii=Artem Serhii=Stepan
    Kovalenko=Kravchenko Bondarenko=Boyko Melnyk=Moroz Milan=Marko Goran=Zoran Natalia=Nadia
    Ram=Hari Sita=Gita Suresh=Dinesh Rajesh=Ramesh Kamala=Bimala Anita=Sunita Thapa=Tamang
    Gurung=Magar Sharma=Sarkar Rai=Roy Kumar=Kamal Patel=Pandey
    Maria=Marta Juan=Jorge Jose=Josefa Luis=Elias Ana=Eva Rosa=Rita Carlos=Carmen Pedro=Pablo
    Garcia=Guerra Lopez=Luna Perez=Paz Rojas=Rios Flores=Fuentes Torres=Tovar Vargas=Vega
"""


def pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of one block: A=B, parted by spaces."""
    found = []
    for each in text.split():
        left, _equals, right = each.partition("=")
        found.append((left, right))
    return found
