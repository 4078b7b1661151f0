$null = Connect-AzureAD
foreach ($mail in 'alice@fabrikam.com', 'new.guest@tailspin.com') {
    $guest = Get-AzureADUser -Filter "Mail eq '$mail'"
    if ($guest) { "$mail is $($guest.DisplayName)" }
    else {
        $invitation = New-AzureADMSInvitation -InvitedUserDisplayName 'New Guest' -InvitedUserEmailAddress $mail -InviteRedirectURL 'https://myapps.microsoft.com' -SendInvitationMessage $true
        "$mail was invited: $($invitation.Status)"
    }
}
<# requests:
GET /v1.0/users?$top=100&$filter=mail eq 'alice@fabrikam.com'
GET /v1.0/users?$top=100&$filter=mail eq 'new.guest@tailspin.com'
POST /v1.0/invitations {"invitedUserDisplayName":"New Guest","invitedUserEmailAddress":"new.guest@tailspin.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com"}
#>
<# prints:
alice@fabrikam.com is Alice Alvarez
new.guest@tailspin.com was invited: PendingAcceptance
#>
