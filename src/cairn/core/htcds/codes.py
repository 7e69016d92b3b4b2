"""Codes of HTCDS 2.0 and ours, both ways. An exchange list is never our own vocabulary.

Each list is (our code, code of the standard). Cairn's own lists may hold more than the standard's:
what it has no code for goes out as "Other" with a word, see `mapping`.
"""

from functools import cache
from types import MappingProxyType
from typing import Final


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((ours, theirs) for ours, theirs in (pair.split("=") for pair in text.split()))


_APPS: Final = _pairs(
    "facebook=Facebook instagram=Instagram whatsapp=WhatsApp telegram=Telegram"
    " facebook-messenger=FacebookMessenger viber=Viber snapchat=SnapChat line=Line 4sale=4Sale"
    " wechat=WeChat qq=QQ qzone=QZone tiktok=TikTok twitter=Twitter other=Other"
)
_REASONS: Final = _pairs(
    "more-services=AdditionalServicesRequired move=MigrationOrChangeOfLocation other=Other"
)
LISTS: Final = MappingProxyType(
    {
        "org_Type": _pairs(
            "ngo=NGO police=LawEnforcement health=HealthServiceOrganisation"
            " central-government=CentralGovernmentOrganisation"
            " local-government=LocalGovernmentOrganisation immigration=ImmigrationService"
            " legal=LegalService business=CorporateBusiness school=SchoolOrCollege"
        ),
        "prs_Gender": _pairs(
            "female=Feminine male=Masculine trans-feminine=TransgenderFeminine"
            " trans-masculine=TransgenderMasculine non-conforming=NonConforming"
            " not-known=NonSpecifiedUnknown"
        ),
        "prs_MaritalStatus": _pairs(
            "single=Single married=Married widowed=Widowed divorced=Divorced separated=Separated"
            " partnership=RegisteredPartnership"
        ),
        # ISCED 2011: the levels 0 to 8.
        "prs_HighestLevelOfEducation": _pairs(
            "isced-0=EarlyChildhoodEducation isced-1=PrimaryEducation"
            " isced-2=LowerSecondaryEducation isced-3=UpperSecondaryEducation"
            " isced-4=PostSecondaryNonTertiaryEducation isced-5=ShortCycleTertiaryEducation"
            " isced-6=BachelorsOrEquivalentLevel isced-7=MastersOrEquivalentLevel"
            " isced-8=DoctoralOrEquivalentLevel"
        ),
        "vic_TraffickingStatus": _pairs(
            "possible=PossibleVictimOfTrafficking actual=ActualVictimOfTrafficking"
            " not=NotAVictimOfTrafficking"
        ),
        "vic_TraffickingStatusDecisionMakingOrg": _pairs(
            "police=Police ngo=NGO justice=CourtOrProsecution"
            " government=NonPoliceGovernmentalOrganization other=Other"
        ),
        # The last is spelt so in the standard, and so it has to be exchanged.
        "vic_RelationshipToTrafficker": _pairs(
            "family=Familial acquainted=Acquainted stranger=Unaquainted"
        ),
        "vic_RecruitmentWebsitesAndApps": _APPS,
        "vic_MethodOfRecruitment": _pairs(
            "place-of-business=AtAPlaceOfBusiness school=AtAnEducationalInstitution work=AtWork"
            " social-networks=ThroughOnlineSocialNetworks"
            " online-advertisement=ThroughAnOnlineAdvertisement"
            " television=ThroughATelevisionAdvert newspaper=ThroughANewspaperAdvert"
            " family=ThroughFamilyOrFamilyEvents friends=ThroughFriendsOrSocialEvents other=Other"
        ),
        "vic_MethodsOfControl": _pairs(
            "threats=PhysicalThreats threats-of-authorities=ThreatsLawEnforcement"
            " threats-to-family=ThreatensChildrenFamily debt=DebtBondage promises=FalsePromises"
            " violence=PhysicalAbuse sexual-violence=SexualAbuse earnings=TakesEarnings"
            " money=RestrictsFinancialAccess medical-care=RestrictsMedicalCare"
            " necessities=WithholdsNecessities psychological=PsychologicalAbuse"
            " substances=PsychoactiveSubstance hours=ExcessiveWorkingHours"
            " documents=WithholdsDocuments other=Other"
        ),
        "vic_TypeOfExploitation": _pairs(
            "labour=ForcedLabour sexual=SexualExploitation child-labour=ChildLabour"
            " marriage=ForcedMarriage servitude=Servitude"
            " armed-group=ForcedMilitaryByNonStateActors organs=OrganRemoval begging=ForcedBegging"
            " adoption=ForcedAdoption surrogacy=Surrogacy other=Other"
        ),
        # ISIC Rev. 4: the sections A to U.
        "vic_ForcedLabourIndustry": _pairs(
            "isic-a=A_AgricultureForestryAndFishing isic-b=B_MiningAndQuarrying"
            " isic-c=C_Manufacturing isic-d=D_ElectricityGasSteamAndAirConditioningSupply"
            " isic-e=E_WaterSupplySewerageWasteManagement isic-f=F_Construction"
            " isic-g=G_WholesaleAndRetailTradeRepairOfMotorVehicles"
            " isic-h=H_TransportationAndStorage isic-i=I_AccommodationAndFoodServiceActivities"
            " isic-j=J_InformationAndCommunication isic-k=K_FinancialAndInsuranceActivities"
            " isic-l=L_RealEstateActivities isic-m=M_ProfessionalScientificAndTechnicalActivities"
            " isic-n=N_AdministrativeAndSupportServiceActivities"
            " isic-o=O_PublicAdministrationAndDefence isic-p=P_Education"
            " isic-q=Q_HumanHealthAndSocialWorkActivities isic-r=R_ArtsEntertainmentAndRecreation"
            " isic-s=S_OtherServiceActivities isic-t=T_ActivitiesOfHouseholdsAsEmployers"
            " isic-u=U_ActivitiesOfExtraterritorialOrganizations"
        ),
        "vic_TypeOfSexExploitation": _pairs(
            "prostitution=Prostitution pornography=Pornography remote=RemoteInteractiveServices"
            " private=PrivateSexualServices"
        ),
        "vic_ExploitationWebsitesAndApps": _APPS,
        "vic_Vulnerabilities": _pairs(
            "addiction=Addiction social-group=SocialGroup discrimination=Discrimination"
            " poverty=Poverty disability=DisabilityAndPhysicalHealth mental-health=MentalHealth"
            " migration=Migration homeless=Homelessness abuse-online=AbuseSocialMedia"
            " abuse-physical=AbusePhysical education=Education work=WorkEnvironment"
        ),
        "per_RoleInProcess": _pairs(
            "travelled-along=TravellingPartner transported=Transporter"
            " recruited=RecruiterOrIntermediary arranged=BrokerTravelAgent"
            " transferred=TransferredIndividual harboured=HarbouredIndividual sold=SoldIndividual"
            " bought=BoughtIndividual received=ReceivedIndividual controlled=ControlledIndividual"
            " smuggled=Smuggler abused=Abuser kidnapped=Kidnapper exploited=Exploiter other=Other"
        ),
        "cas_Status": _pairs(
            "active=Active follow-up=FollowUp closed=Closed referred=ClosedReferred"
        ),
        "cas_ReasonForIncomingReferral": _REASONS,
        "cas_ReasonForOutgoingReferral": _REASONS,
        "hte_Type": _pairs("recruitment=Recruitment transit=Transit exploitation=Exploitation"),
        "spl_Type": _pairs(
            "education=Education financial=Financial health=Health"
            " work-rehabilitation=LabourExploitationRehabilitation legal=Legal"
            " livelihood=Livelihood rights=RightsBasedTraining"
            " recovery=SexualExploitationRehabilitation social-care=SocialCare"
        ),
    }
)
# Ours, for which the 2.0 pick-list has no code although its Field Definitions describe them.
WITHOUT_A_CODE: Final = MappingProxyType(
    {"restricts-movement": "RestrictsMovement", "uses-children": "UsesChildren"}
)
# Other spellings that files carry: folded spelling -> code of the standard.
SPELT_OTHERWISE: Final = MappingProxyType(
    {
        "vic_RelationshipToTrafficker": MappingProxyType({"unacquainted": "Unaquainted"}),
        "prs_Gender": MappingProxyType(
            {
                "female": "Feminine",
                "male": "Masculine",
                "unknown": "NonSpecifiedUnknown",
                "notspecifiedunknown": "NonSpecifiedUnknown",
            }
        ),
        "vic_MethodsOfControl": MappingProxyType(
            {"threatsoflawenforcement": "ThreatsLawEnforcement"}
        ),
        "vic_TypeOfExploitation": MappingProxyType(
            {"forcedmilitary": "ForcedMilitaryByNonStateActors", "forcedlabor": "ForcedLabour"}
        ),
    }
)
# The standard asks for one industry, its own survey form for several: several are read.
SEVERAL: Final = frozenset(
    "vic_ForcedLabourIndustry prs_Citizenship vic_RecruitmentWebsitesAndApps"
    " vic_MethodOfRecruitment vic_MethodsOfControl"
    " vic_TypeOfExploitation vic_TypeOfSexExploitation vic_ExploitationWebsitesAndApps"
    " vic_Vulnerabilities per_RoleInProcess".split()
)


def folded(text: str) -> str:
    """What two spellings of one code have in common: letters and digits, small."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@cache
def _spellings(field: str) -> MappingProxyType[str, str]:
    """Folded spelling -> code of the standard, for one field."""
    known = {folded(theirs): theirs for _ours, theirs in LISTS[field]}
    known |= SPELT_OTHERWISE.get(field, {})
    if field == "vic_MethodsOfControl":
        known |= {folded(theirs): theirs for theirs in WITHOUT_A_CODE.values()}
    if field == "vic_ForcedLabourIndustry":
        # Files write the section with its letter, without it, or the letter alone.
        for _ours, theirs in LISTS[field]:
            known |= {folded(theirs[2:]): theirs, folded(theirs[0]): theirs}
    return MappingProxyType(known)


def theirs_as_written(field: str, text: str) -> str:
    """The standard's code for `text`, whatever its case and signs; "" when there is none."""
    return _spellings(field).get(folded(text), "")


@cache
def _ours_by_theirs(field: str) -> MappingProxyType[str, str]:
    known = {theirs: ours for ours, theirs in LISTS[field]}
    if field == "vic_MethodsOfControl":
        known |= {theirs: ours for ours, theirs in WITHOUT_A_CODE.items()}
    return MappingProxyType(known)


def ours(field: str, theirs: str) -> str:
    """Our code for a code of the standard. Raises KeyError."""
    return _ours_by_theirs(field)[theirs]


def theirs(field: str, ours: str) -> str:
    """The standard's code for ours; "Other" for what it has no code for. Raises KeyError."""
    if field == "vic_MethodsOfControl" and ours in WITHOUT_A_CODE:
        return "Other"
    return dict(LISTS[field])[ours]
